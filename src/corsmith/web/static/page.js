"use strict";
// Without this script the form works as any form does. With it the answer comes step by step, without leaving the page.
const form = document.getElementById("ask");
const result = document.getElementById("result");
const recording = document.getElementById("recording");

async function asking(event) {
  event.preventDefault();
  const button = form.querySelector("button");
  const label = button.textContent;
  button.disabled = true;
  button.textContent = "Asking…";
  await show(form.action, new URLSearchParams(new FormData(form)), {});
  button.disabled = false;
  button.textContent = label;
}

async function show(address, body, headers) {
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { "x-part": "steps", ...headers } });
    if (answer.headers.get("content-type").startsWith("application/x-ndjson")) await follow(answer.body);
    // The server escapes whatever strangers wrote; the policy of this page runs no script that stands in it.
    else result.innerHTML = await answer.text();
  } catch {
    result.textContent = "The tester could not be reached.";
  }
  offerCopies();
  result.focus();
}

async function follow(stream) {
  const steps = document.createElement("ol");
  result.replaceChildren(steps);
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let pending = "";
  for (let got = await reader.read(); !got.done; got = await reader.read()) {
    const lines = (pending + got.value).split("\n");
    pending = lines.pop();
    for (const line of lines) {
      const { step, result: whole } = JSON.parse(line);
      if (step) steps.insertAdjacentHTML("beforeend", step);
      else result.innerHTML = whole;
    }
  }
}

// What decides about CORS, and what tells AWS's layers apart. The values of all other headers stay here.
const KEPT = /^(access-control-|sec-fetch-|x-amz|apigw-|origin$|referer$|accept$|content-type$|location$|vary$|server$|via$|x-cache|www-authenticate$|x-requested-with$)/i;
const SECRET = /token|cookie|secret|credential|signature/i;
const PASSED = ["image", "font", "stylesheet", "media", "script", "manifest"];

function withoutValues(address) {
  return String(address).replace(/\/\/[^/?#]*@/, "//").replace(/#.*/, "").replace(/=[^&]*/g, "=");
}

function fields(headers) {
  return (Array.isArray(headers) ? headers : []).map(({ name, value }) => {
    const shown = KEPT.test(name) && (!SECRET.test(name) || /^access-control-/i.test(name));
    return { name, value: !shown ? "***" : /^(location|referer)$/i.test(name) ? withoutValues(value) : value };
  });
}

function entry(read) {
  const { request = {}, response = {} } = read;
  return {
    _resourceType: read._resourceType,
    _error: read._error ?? response._error,
    pageref: read.pageref,
    request: { method: request.method, url: withoutValues(request.url), headers: fields(request.headers), cookies: (request.cookies ?? []).map(() => ({})) },
    response: { status: response.status, statusText: response.statusText, headers: fields(response.headers) },
  };
}

async function judge(file) {
  let log;
  try {
    ({ log } = JSON.parse(await file.text()));
    log = {
      pages: (log.pages ?? []).map(({ id, title }) => ({ id, title: withoutValues(title) })),
      entries: log.entries.filter((each) => !PASSED.includes(each._resourceType)).map(entry),
    };
  } catch {
    result.textContent = `${file.name} is no HAR file. In the network panel, choose “Save all as HAR”.`;
    result.focus();
    return;
  }
  await show("/recorded", JSON.stringify({ log }), { "content-type": "application/json" });
}

function offerDrop() {
  document.getElementById("drop").hidden = false;
  recording.addEventListener("change", () => recording.files.length && judge(recording.files[0]));
  const over = (on) => (event) => {
    event.preventDefault();
    document.body.classList.toggle("dropping", on);
  };
  document.addEventListener("dragover", over(true));
  document.addEventListener("dragleave", over(false));
  document.addEventListener("drop", (event) => {
    over(false)(event);
    if (event.dataTransfer.files.length) judge(event.dataTransfer.files[0]);
  });
}

function offerCopies() {
  if (!navigator.clipboard) return;
  for (const block of document.querySelectorAll("#result pre, article.page pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.textContent);
      button.textContent = "Copied";
    });
    block.after(button);
  }
}

if (form && result) form.addEventListener("submit", asking);
if (recording) offerDrop();
offerCopies();
