"""Mapping templates: what they yield, and what is refused rather than guessed."""

from __future__ import annotations

import pytest

from corsmith.gateways.vtl.evaluate import render
from corsmith.gateways.vtl.methods import Input, Parameters, Undescribed, Util
from corsmith.gateways.vtl.nodes import Unsupported


def empty():
    return ""


def scope(body=""):
    return {
        "input": Input(
            Parameters({"id": "7"}, empty),
            Parameters({"q": "a b", "id": "query"}, empty),
            Parameters({"Origin": "https://a.example", "X-Max": "5"}, empty),
            body,
        ),
        "context": {"httpMethod": "GET", "identity": {"sourceIp": "1.2.3.4"}, "authorizer": {}},
        "stageVariables": Undescribed("stageVariables"),
        "util": Util(),
        "n": 5,
        "null": None,
        "yes": True,
        "no": False,
    }


def text(template, body=""):
    return render(template, scope(body)).text


@pytest.mark.parametrize(
    ("template", "yielded"),
    [
        ("plain", "plain"),
        ("", ""),
        ("$", "$"),
        ("a $ b # c", "a $ b # c"),
        ("$5.00 #1", "$5.00 #1"),
        ("\\$n \\#if \\x", "$n #if \\x"),
        ("trailing \\", "trailing \\"),
        ("$n ${n} $!n $!{n}", "5 5 5 5"),
        ("${n}th", "5th"),
        ("$n.", "5."),
        ("$yes $no", "true false"),
        ("$none $!none ${none} $!{none}", "$none  ${none} "),
        ("$none.a.b", "$none.a.b"),
        ("#fff", "#fff"),
        ("#abcdef;", "#abcdef;"),
        ("a## comment\nb", "ab"),
        ("a#* long\n *#b", "ab"),
        ("a## comment", "a"),
        ("#set($a = 1)$a", "1"),
        ("#set( $a = 'x' )$a", "x"),
        ('#set($a = "${n}-x")$a', "5-x"),
        ("$n-x", "$n-x"),
        ("#set($a = 'a$n')$a", "a$n"),
        ("#set($n = $none)$n", "5"),
        ("#set($a = 1 + 2 - 4)$a", "-1"),
        ("#set($a = 'x' + 2)$a", "x2"),
        ("#set($a = -3)$a", "-3"),
        ("#set($a = (1 + 2))$a", "3"),
        ("#set($a = null)$a", "$a"),
        ("#set($a = true)$a", "true"),
        ("#if($yes)a#end", "a"),
        ("#if($no)a#end", ""),
        ("#if($no)a#else b#end", " b"),
        ("#if($no)a#{else}b#end", "b"),
        ("#if($no)a#elseif($yes)b#else c#end", "b"),
        ("#if($no)a#elseif($no)b#elseif($yes)c#end", "c"),
        ("#if($yes)#if($no)a#else b#end#end c", " b c"),
        ("#if(!$no)a#end", "a"),
        ("#if(not $no)a#end", "a"),
        ("#if($none)a#end", ""),
        ("#if('')a#end", "a"),
        ("#if($n == 5)a#end", "a"),
        ("#if($n eq 5)a#end", "a"),
        ("#if($n == '5')a#end", "a"),
        ("#if($n != 5)a#end", ""),
        ("#if($n ne 4)a#end", "a"),
        ("#if($none == '')a#end", ""),
        ("#if('' == $none)a#end", ""),
        ("#if($none == $null)a#end", "a"),
        ("#if($none != '')a#end", "a"),
        ("#if($n < 6 && $n > 4)a#end", "a"),
        ("#if($n <= 5 and $n >= 5)a#end", "a"),
        ("#if($n lt 5 || $n gt 5)a#end", ""),
        ("#if($n le 4 or $n ge 6)a#end", ""),
        ("#if($no && $none.x)a#end", ""),
        ("#if($yes || $none.x)a#end", "a"),
        ("#if($no || $no)a#end", ""),
        ("#if($yes && $no)a#end", ""),
        ("#if(($n == 4 || $n == 5) && $yes)a#end", "a"),
        ("#if ( $yes ) a #end", " a "),
        ("#foreach($x in $input.params().querystring.keySet())$x#if($foreach.hasNext),#end#end", "q,id"),
        ("#set($l = \"a,b,,\")#foreach($x in $l.split(','))$foreach.index$foreach.count$x #end", "01a 12b "),
        ("#foreach($x in $none)a#end", ""),
        ("#set($x = 1)#foreach($x in $context.keySet())#end$x", "1"),
        ("#foreach($x in $context.authorizer.keySet())$x#end|$x|$!foreach.index", "|$x|"),
        ("#foreach($k in $context.identity.keySet())$k=$context.identity.get($k)#end", "sourceIp=1.2.3.4"),
        ("#define($block)<$n>#end$block$block", "<5><5>"),
        ("#define($a)x$a#end$a", "x$a"),
        ("#foreach($k in $stageVariables.keySet())$k#end", ""),
        (
            "$input.params('id') $input.params('q') $input.params('Origin') $input.params('origin')",
            "7 a b https://a.example ",
        ),
        ("$input.params().header.get('Origin')$input.params().header.get('none')", "https://a.example"),
        ("$input.params().header.Origin $input.params().path.id", "https://a.example 7"),
        ("$input.params().header.containsKey('Origin')", "true"),
        ("$input.params().header.getOrDefault('none', 'x')", "x"),
        ("$context.httpMethod $context.identity.sourceIp", "GET 1.2.3.4"),
        ("$context.get('httpMethod')$context.getOrDefault('a', 'b')", "GETb"),
        ('$util.escapeJavaScript("it\'s")', "it\\'s"),
        (
            "$util.escapeJavaScript($context.identity)$util.escapeJavaScript($context.authorizer)",
            "{sourceIp=1.2.3.4}{}",
        ),
        ("$util.base64Encode('hi') $util.base64Decode('aGk=')", "aGk= hi"),
        ("$util.urlEncode('a b') $util.urlDecode('a%20b+c')", "a+b a b c"),
        ("#set($s = ' Ab ')$s.trim().toLowerCase()$s.trim().toUpperCase()|$s.length()", "abAB|4"),
        ("#set($s = 'abc')$s.contains('b')$s.startsWith('a')$s.endsWith('a')$s.indexOf('c')", "truetruefalse2"),
        (
            "#set($s = 'abc')$s.equals('abc')$s.equals('ABC')$s.equalsIgnoreCase('ABC')$s.isEmpty()",
            "truefalsetruefalse",
        ),
        ("#set($s = 'a.b')$s.replace('.', '-')$s.replaceAll('[ab]', 'x')$s.toString()", "a-bx.xa.b"),
        ("#set($s = 'abc')$s.matches('a.c')$s.matches('b')", "truefalse"),
        ("#set($l = 'a,b')$l.split(',').size()$l.split(',')[1]", "2b"),
        ("#set($l = 'a,b')#set($l = $l.split(','))$l.size()$l[0]$l[1]$!l[2]$!l[-1]", "2ab"),
        ("$context['httpMethod']", "GET"),
        ("${context['identity'].sourceIp}", "1.2.3.4"),
    ],
)
def test_yields(template, yielded):
    assert text(template) == yielded


@pytest.mark.parametrize(
    ("template", "body", "yielded"),
    [
        ("$input.body", "raw", "raw"),
        ("$input.json('$')", '{"a": 1}', '{"a": 1}'),
        ("$input.json('$')", "", "{}"),
        ("$input.path('$.a.b')", '{"a": {"b": "c"}}', "c"),
        ("$!input.path('$.a.b')", '{"a": 1}', ""),
        ("$input.path('$')", "a=1", "a=1"),
        ("$!input.path('$.a')", "a=1", ""),
        ("$input.path('$.n')", '{"n": 3}', "3"),
    ],
)
def test_reads_the_body(template, body, yielded):
    assert text(template, body) == yielded


@pytest.mark.parametrize(
    ("template", "named"),
    [
        ("#parse('x')", "the directive #parse"),
        ("#macro(x)#end", "the directive #macro"),
        ("#{unknown}", "the directive #unknown"),
        ("#@x()", "the directive #@x"),
        ("#if($yes)a", "an #if without its #end"),
        ("#if($yes)a#else b", "an #if without its #end"),
        ("a#end", "a #end without its #if"),
        ("a#else", "a #else without its #if"),
        ("#foreach($x in $context.keySet())a", "a #foreach without its #end"),
        ("#foreach($x in $context.keySet())a#else", "a #foreach without its #end"),
        ("#foreach($x of $n)#end", "a #foreach without in"),
        ("#foreach(x in $n)#end", "a missing variable"),
        ("#foreach($x in $n)#end", "a #foreach over a value that is no list"),
        ("#define(x)#end", "a missing variable"),
        ("#define($x)", "a #define without its #end"),
        ("#set(a = 1)", "a #set without a target"),
        ("#set($a 1)", "a missing ="),
        ("#set $a = 1", "a missing ("),
        ("#set($a = 1", "a missing )"),
        ("#set($a = )", "the expression that is missing"),
        ("#set($a = [1])", "the expression [1]"),
        ("#set($a = 1.5)", "the expression 1.5"),
        ("#set($a = 'x)", "a quote that is not closed"),
        ("#set($a.b = 1)", "setting $a.b"),
        ("#set($a[0] = 1)", "setting $a[0]"),
        ("#set($a = 5 * 2)", "a missing )"),
        ("#set($a = 'x' - 2)", "- between values that are no numbers"),
        ("#if('a' < 2)#end", "< between values that are no numbers"),
        ("#if(true + 1)#end", "+ between values that are no numbers"),
        ("${n", "a ${ that is not closed"),
        ("${n!}", "a ${ that is not closed"),
        ("$n[", "the expression that is missing"),
        ("$n[0]", "an index into a value that is no list"),
        ("$yes['a']", "an index into a value that is no list"),
        ("$input.params().querystring", "printing a value that is no text"),
        ("$input", "printing a value that is no text"),
        ("$context", "printing a value that is no text"),
        ("$input.none", "$input.none"),
        ("$input.params", "$input.params"),
        ("$input.body()", "$input.body"),
        ("$input.json('$.a')", "$input.json"),
        ("$input.json", "$input.json"),
        ("$input.path", "$input.path"),
        ("$input.path('$', 1)", "$input.path"),
        ("$input.path('$.a[0]')", "the path $.a[0]"),
        ("$input.path('a')", "the path a"),
        ("$util.none('a')", ".none of $util"),
        ("$util.urlEncode", ".urlEncode of $util"),
        ("$util.urlEncode(1)", ".urlEncode of $util"),
        ("$util.urlEncode('a', 'b', 'c', 'd', 'e')", ".urlEncode of $util with these values"),
        ("$util.escapeJavaScript($context)", ".escapeJavaScript of $util"),
        ("$util.escapeJavaScript", ".escapeJavaScript of $util"),
        ("$util.escapeJavaScript(1)", ".escapeJavaScript of $util"),
        ("$util.base64Decode('a')", ".base64Decode of $util with these values"),
        ("#foreach($x in 'a.b'.split('[.]'))$x#end", "a missing )"),
        ("#set($s = 'a')$s.none()", ".none of text"),
        ("#set($s = 'a')$s.length", ".length of text"),
        ("#set($s = 'a')$s.length('a')", ".length of text with these values"),
        ("#set($s = 'a')$s.matches('(')", "the pattern ("),
        ("#set($s = 'a')$s.replaceAll('(', 'b')", "the pattern ("),
        ("#set($s = 'a')$s.replaceAll('a', '$1')", "the replacement $1"),
        ("#set($s = 'a')$s.replaceAll('a', '\\b')", "the replacement \\b"),
        ("$context.get()", ".get() of a map"),
        ("$context.put('a', 'b')", ".put() of a map"),
        ("$context.containsKey()", ".containsKey() of a map"),
        ("$context.getOrDefault('a')", ".getOrDefault() of a map"),
        ("$context.keySet('a')", ".keySet() of a map"),
        ("$input.params().header.get()", ".get() of a map"),
        ("$n.x", ".x of a number or list"),
        ("#set($l = 'a')#set($l = $l.split(','))$l.get(0)", ".get of a number or list"),
        ("#set($l = 'a')#set($l = $l.split(','))$l.size", ".size of a number or list"),
        ("$stageVariables.origin", "$stageVariables.origin"),
        ("#set($context.responseOverride.status = 'abc')", "a status that is no number"),
        ("#set($context.responseOverride.status = '²')", "a status that is no number"),
        ("#set($context.responseOverride.status = true)", "a status that is no number"),
        ("#set($context.responseOverride.header.X = $none)", "printing a value that is no text"),
    ],
)
def test_refuses(template, named):
    with pytest.raises(Unsupported) as caught:
        text(template)
    assert str(caught.value) == named


def test_overrides():
    rendered = render(
        "#set($context.responseOverride.header.X-A = $n)#set($context.responseOverride.status = '204')a", scope()
    )
    assert (rendered.text, rendered.status, rendered.headers) == ("a", 204, {"X-A": "5"})
    plain = render("a", scope())
    assert (plain.status, plain.headers) == (None, {})


def test_the_scope_is_not_changed():
    given = scope()
    render("#set($a = 1)#define($b)x#end", given)
    assert given.keys() == scope().keys()


def test_an_absent_parameter_can_be_null():
    given = {"input": Input(Parameters({}, empty), Parameters({}, empty), Parameters({}, lambda: None), "")}
    assert render("$!input.params().header.get('Origin')|$input.params('Origin')", given).text == "|"
