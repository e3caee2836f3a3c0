"""Random handlers: every construct that is read, put together at random, always valid JavaScript that ends."""

from __future__ import annotations

from random import Random

METHODS = ["GET", "POST", "PUT", "DELETE", "OPTIONS"]
NAMES = ["Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Vary", "Content-Type", "X-A"]
ORIGINS = ["https://a.example", "https://b.example", "http://localhost:3000"]
STATUSES = [
    "200",
    "201",
    "404",
    "500",
    "Number('202')",
    "parseInt('203', 10)",
    "m === 'OPTIONS' ? 204 : 200",
    "CODES.gone",
]
PATHS = ["/items", "/users", "/"]

_HEAD = """
const ORIGINS = ['https://a.example', 'https://b.example'];
const SET = new Set(ORIGINS);
const BASE = { 'Content-Type': 'application/json' };
const OPEN = { 'Access-Control-Allow-Origin': '*' };
const FROM_ENV = process.env.ALLOWED.split(',').map((each) => each.trim());
const FALLBACK = process.env.MISSING || 'fallback';
const CODES = Object.freeze({ ok: 200, gone: 410 });
const TABLE = { GET: { 'X-A': 'get' }, POST: { 'X-A': 'post', Vary: 'Origin' } };
const MAP = new Map([['GET', 'mapped'], ['PUT', 'put']]);

class Refused extends Error {
  constructor(status, text = 'no') {
    super(text);
    this.status = status;
  }
}

class Reply {
  static shared = { 'X-A': 'class' };
  #extra;
  constructor(status = 200, extra) {
    this.status = status;
    this.#extra = extra ?? {};
  }
  get headers() {
    return { ...Reply.shared, ...this.#extra };
  }
  with(name, value) {
    this.#extra = { ...this.#extra, [name]: value };
    return this;
  }
  build(body) {
    return { statusCode: this.status, headers: this.headers, body: JSON.stringify(body) };
  }
}

class Opened extends Reply {
  build(body) {
    const made = super.build(body);
    made.headers['Access-Control-Allow-Origin'] = '*';
    return made;
  }
}

function respond(statusCode, headers, more = {}) {
  return { statusCode, headers: Object.assign({}, BASE, headers), body: '{}', ...more };
}

const withOrigin = (headers, origin) => {
  const made = { ...headers };
  if (ORIGINS.includes(origin)) {
    made['Access-Control-Allow-Origin'] = origin;
    made.Vary = 'Origin';
  }
  return made;
};

const opened = (inner) => async (event, context) => {
  const reply = await inner(event, context);
  return { ...reply, headers: { ...reply.headers, 'Access-Control-Allow-Origin': '*' } };
};

const guarded = (inner) => async (event, context) => {
  try {
    return await inner(event, context);
  } catch (error) {
    if (error instanceof Refused) return respond(error.status, {});
    return { statusCode: 500, body: 'failed' };
  }
};

function methodOf(event) {
  return event.httpMethod || event.requestContext.http.method;
}

function originOf({ headers }) {
  return headers.origin || headers.Origin;
}

function lowered(event) {
  return Object.fromEntries(Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function searched(event) {
  for (const name of Object.keys(event.headers)) {
    if (name.toLowerCase() === 'origin') return event.headers[name];
  }
  return undefined;
}

function later(value) {
  return new Promise((resolve) => setImmediate(() => resolve(value)));
}

function checked(value) {
  return new Promise((resolve, reject) => {
    if (value) resolve(value);
    else reject(new Refused(418));
  });
}
"""


class Program:
    """Writes one handler. `form`: "async", "callback", "promise" or "context"."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._lines: list[str] = []
        self._depth = 0
        self._size = 0
        self.common = self._random.random() < 0.4
        self.form = self._random.choice(["async", "async", "async", "callback", "promise", "context"])

    @property
    def ending(self) -> str:
        """The ending of the file that the program belongs in."""
        return ".cjs" if self.common else ".mjs"

    def source(self) -> str:
        """Return the module's text."""
        pick = self._random.random
        parameters = {"callback": "event, context, callback", "context": "event, context"}.get(self.form, "event")
        start = "async " if self.form == "async" else ""
        if self.form == "promise":
            self._lines.append(f"const inner = async ({parameters}) => {{")
        else:
            self._lines.append(f"const inner = {start}({parameters}) => {{")
        self._depth = 1
        self._say(
            self._random.choice(
                [
                    "const m = methodOf(event);",
                    "const m = methodOf(event).toUpperCase();",
                    "const m = event.requestContext?.http?.method ?? event.httpMethod;",
                    "const { httpMethod: m = event.requestContext.http?.method } = event;",
                ]
            )
        )
        self._say(
            self._random.choice(
                [
                    "let o = originOf(event);",
                    "let o = event.headers.origin ?? '';",
                    "let o = event.headers['origin'] || event.headers['Origin'];",
                    "let o = lowered(event).origin;",
                    "let o = searched(event);",
                    "let o = event.headers[Object.keys(event.headers).find((k) => k.toLowerCase() === 'origin')];",
                    "let o = Object.entries(event.headers).find(([k]) => k.toLowerCase() === 'origin')?.[1];",
                ]
            )
        )
        self._say("let h = {};")
        self._say("let s = 200;")
        self._say("const b = event.body;")
        self._block(self._random.randint(2, 7), nested=3)
        self._finish()
        self._depth = 0
        self._lines.append("};")
        handler = "inner"
        if self.form in {"async", "promise"}:
            for name in ("opened", "guarded"):
                if pick() < 0.15:
                    handler = f"{name}({handler})"
        if self.form == "promise":
            handler = self._random.choice(
                [
                    f"(event) => ({handler})(event).then((r) => r)",
                    f"(event) => ({handler})(event).catch((e) => ({{ statusCode: e.status || 500, headers: OPEN }}))",
                    f"(event) => Promise.resolve(event).then({handler}).finally(() => {{}})",
                ]
            )
        export = f"exports.handler = {handler};" if self.common else f"export const handler = {handler};"
        return _HEAD + "\n" + "\n".join(self._lines) + "\n\n" + export + "\n"

    def _say(self, text: str) -> None:
        self._lines.append("  " * self._depth + text)

    def _finish(self) -> None:
        value = self._value()
        if self.form == "callback":
            self._say(
                self._random.choice(
                    [
                        f"callback(null, {value});",
                        f"return callback(null, {value});",
                        f"setImmediate(() => callback(null, {value}));",
                        f"later(1).then(() => callback(null, {value})).catch(callback);",
                        "callback(new Refused(500));",
                    ]
                )
            )
        elif self.form == "context":
            self._say(self._random.choice([f"context.succeed({value});", f"context.done(null, {value});"]))
        else:
            self._say(f"return {value};")

    def _value(self) -> str:
        headers = self._headers()
        status = self._random.choice([*STATUSES, "s", "s"])
        waits = ["await later({v})", "await ({v})"] if self.form in {"async", "promise"} else []
        shape = self._random.choice(
            [
                f"{{ statusCode: {status}, headers: {headers}, body: '' }}",
                f"{{ statusCode: {status}, headers: {headers} }}",
                f"respond({status}, {headers})",
                f"respond({status}, {headers}, {{ isBase64Encoded: false }})",
                f"new Reply({status}, {headers}).build({{ a: 1 }})",
                f"new Opened({status}, {headers}).with('X-B', 'b').build({{}})",
                "new Reply().build(1)",
                f"Object.assign({{}}, respond({status}, {headers}), {{ body: 'x' }})",
                f"{{ statusCode: {status}, headers: {headers}, body: JSON.stringify({{ s }}), cookies: undefined }}",
            ]
        )
        return self._random.choice([shape, shape, *(each.format(v=shape) for each in waits)])

    def _headers(self) -> str:
        name, other = self._random.sample(NAMES, 2)
        return self._random.choice(
            [
                "h",
                "h",
                "{ ...h }",
                "{ ...BASE, ...h }",
                "withOrigin(h, o)",
                "{ ...h, ...(ORIGINS.includes(o) ? { 'Access-Control-Allow-Origin': o } : {}) }",
                "{ ...h, ...(o && { 'Access-Control-Allow-Origin': o }) }",
                f"{{ ...h, '{name}': {self._text()} }}",
                f"Object.assign(h, {{ '{name}': {self._text()}, '{other}': 'y' }})",
                "Object.fromEntries(Object.entries(h).filter(([k]) => k !== 'Vary'))",
                "{ ...(TABLE[m] ?? h) }",
                "Object.keys(h).reduce((all, k) => ({ ...all, [k.toLowerCase()]: h[k] }), {})",
            ]
        )

    def _text(self) -> str:
        return self._random.choice(
            [
                "'*'",
                f"'{self._random.choice(ORIGINS)}'",
                "ORIGINS[0]",
                "ORIGINS.join(', ')",
                "FROM_ENV[1]",
                "FALLBACK",
                "`https://${'a'}.example`",
                "'https://' + 'c.example'",
                "ORIGINS.find((each) => each.endsWith('b.example'))",
                "(SET.has(o) ? o : ORIGINS[0])",
                "(o || '*')",
                "MAP.get(m) || 'none'",
                "process.env.ALLOWED",
                "ORIGINS.filter((each) => each !== 'https://a.example').concat('x').join()",
                "String(s)",
                "'GET,POST'.replace(',', ', ').toLowerCase()",
            ]
        )

    def _test(self) -> str:
        method = self._random.choice(METHODS)
        path = self._random.choice(PATHS)
        return self._random.choice(
            [
                f"m === '{method}'",
                f"m !== '{method}'",
                f"'{method}' == m",
                f"['{method}', 'PUT'].includes(m)",
                f"(event.path || event.rawPath) === '{path}'",
                "ORIGINS.includes(o)",
                "SET.has(o)",
                "ORIGINS.indexOf(o) !== -1",
                "ORIGINS.some((each) => each === o)",
                "FROM_ENV.includes(o)",
                "o && o.endsWith('.example')",
                "o?.startsWith('https://')",
                "o && o.indexOf('a.example') > -1",
                "/^https:\\/\\/[a-c]\\.example$/.test(o ?? '')",
                "(o || '').match(/localhost:\\d+/)",
                "o",
                "!o",
                "b",
                "b == null",
                "typeof b === 'string'",
                "event.queryStringParameters?.q",
                "s >= 400",
                "'Vary' in h",
                "h['X-A'] === undefined",
                "Object.keys(h).length > 1",
                "o && new URL(o).hostname === 'a.example'",
                "m in TABLE",
                f"!(m === '{method}' || o === 'https://b.example')",
            ]
        )

    def _block(self, lines: int, nested: int) -> None:
        for _ in range(lines):
            self._statement(nested)

    def _statement(self, nested: int) -> None:
        self._size += 1
        if self._size > 40:
            return
        simple = [self._set, self._set, self._merge, self._change, self._leave]
        compound = [self._if, self._if, self._try, self._for, self._switch, self._ternary, self._closure]
        choice = self._random.choice(simple + (compound if nested > 0 else []))
        choice(nested)

    def _set(self, nested: int) -> None:
        name = self._random.choice(NAMES)
        self._say(
            self._random.choice(
                [
                    f"h['{name}'] = {self._text()};",
                    f"h['{name}'] ??= {self._text()};",
                    f"h['{name}'] = {self._text()};",
                    f"s = {self._random.choice(STATUSES)};",
                    f"h[{self._random.choice(['NAME', 'name'])!r}.toLowerCase()] = 'x';",
                ]
            )
        )

    def _merge(self, nested: int) -> None:
        self._say(
            self._random.choice(
                [
                    "h = { ...h, ...OPEN };",
                    "h = { ...OPEN, ...h };",
                    "Object.assign(h, BASE);",
                    "h = withOrigin(h, o);",
                    "h = TABLE[m] ? { ...TABLE[m] } : h;",
                    "({ Vary: h['X-A'] = 'd' } = h);",
                    "h = new Reply(s, h).headers;",
                ]
            )
        )

    def _change(self, nested: int) -> None:
        name = self._random.choice(NAMES)
        self._say(
            self._random.choice(
                [
                    f"delete h['{name}'];",
                    "h = {};",
                    "s += 1;",
                    f"const {{ '{name}': gone{self._size}, ...rest{self._size} }} = h; h = rest{self._size};",
                    "o = o && o.trim();",
                    f"if (h['{name}']) h['{name}'] = `${{h['{name}']}}!`;",
                ]
            )
        )

    def _leave(self, nested: int) -> None:
        if self._random.random() < 0.6:
            return
        if self.form in {"async", "promise"}:
            self._say(
                self._random.choice(
                    [
                        f"if ({self._test()}) return {self._value()};",
                        f"if ({self._test()}) throw new Refused({self._random.choice(['400', '403'])});",
                        f"if ({self._test()}) await checked(o);",
                        "JSON.parse(b);",
                        "const { name } = JSON.parse(b || '{}'); h['X-B'] = name ? 'named' : 'no';"
                        if nested == 3 and "const { name }" not in "".join(self._lines)
                        else "JSON.parse(b || '{}');",
                    ]
                )
            )
        elif self.form == "callback":
            self._say(f"if ({self._test()}) return callback(null, {self._value()});")
        else:
            self._say(f"if ({self._test()}) {{ context.succeed({self._value()}); return; }}")

    def _inner(self, nested: int) -> None:
        self._depth += 1
        self._block(self._random.randint(1, 2), nested - 1)
        self._depth -= 1

    def _if(self, nested: int) -> None:
        self._say(f"if ({self._test()}) {{")
        self._inner(nested)
        if self._random.random() < 0.5:
            self._say(f"}} else if ({self._test()}) {{" if self._random.random() < 0.4 else "} else {")
            self._inner(nested)
        self._say("}")

    def _try(self, nested: int) -> None:
        self._say("try {")
        self._depth += 1
        self._say(
            self._random.choice(
                [
                    "JSON.parse(b);",
                    "const parsed = JSON.parse(b ?? '{}'); h['X-A'] = parsed.name ? 'yes' : 'no';",
                    f"if ({self._test()}) throw new Refused(409);",
                    "event.missing.deep = 1;",
                    "h['X-A'] = new URL(o).protocol ? 'url' : '';",
                ]
            )
        )
        self._depth -= 1
        self._inner(nested)
        self._say(self._random.choice(["} catch (e) {", "} catch {"]))
        self._depth += 1
        self._say(self._random.choice(["s = 500;", "h['X-A'] = 'caught';", "s = 400; h = { ...OPEN };"]))
        self._depth -= 1
        if self._random.random() < 0.3:
            self._say("} finally {")
            self._depth += 1
            self._say("h['X-F'] = 'f';")
            self._depth -= 1
        self._say("}")

    def _for(self, nested: int) -> None:
        head = self._random.choice(
            [
                "for (const each of ORIGINS) {",
                "for (const each in TABLE) {",
                "for (let i = 0, each = 'x'; i < 2; i++) {",
                "for (const [each] of Object.entries(BASE)) {",
            ]
        )
        self._say(head)
        self._depth += 1
        self._say(
            self._random.choice(
                [
                    "if (each === o) h['X-A'] = each;",
                    "if (each === m) break;",
                    "if (each !== 'POST') continue;",
                    "h[`X-${each.length}`] = each;",
                ]
            )
        )
        self._depth -= 1
        self._inner(min(nested, 1))
        self._say("}")

    def _switch(self, nested: int) -> None:
        self._say(self._random.choice(["switch (m) {", "switch (`${m} ${event.path || event.rawPath}`) {"]))
        spaced = "`" in self._lines[-1]
        for method in self._random.sample(METHODS, 2):
            self._say(f"  case '{method}{' /items' if spaced else ''}':")
            if self._random.random() < 0.2:
                continue
            self._depth += 1
            self._say("{")
            self._inner(nested)
            self._say("}")
            if self._random.random() < 0.8:
                self._say("break;")
            self._depth -= 1
        if self._random.random() < 0.5:
            self._say("  default:")
            self._inner(nested)
        self._say("}")

    def _ternary(self, nested: int) -> None:
        self._say(f"h = {self._test()} ? {self._headers()} : {self._headers()};")

    def _closure(self, nested: int) -> None:
        name = f"set{self._size}"
        self._say(f"const {name} = (key, value = {self._text()}) => {{ h[key] = value; }};")
        self._say(
            self._random.choice(
                [
                    f"{name}('X-A');",
                    f"['X-A', 'Vary'].forEach((key) => {name}(key));",
                    f"if ({self._test()}) {name}('Access-Control-Allow-Origin', o);",
                    f"{name}.call(null, 'X-A', 'called');",
                ]
            )
        )
