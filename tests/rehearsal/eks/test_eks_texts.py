"""The texts that the component writes: YAML as js-yaml 4.3 does, TOML as @iarna/toml 3 does (written by those)."""

# ruff: noqa: E501 - texts as they were written

import pytest

from pokayoke_rehearsal.doubles.eks.toml_text import stringify
from pokayoke_rehearsal.doubles.eks.user_data import dns_address
from pokayoke_rehearsal.doubles.eks.values import given, js_text
from pokayoke_rehearsal.doubles.eks.yaml_dump import dump

SCALARS = {
    "123": "key: '123'\n",
    "plain": "key: plain\n",
    "arn:aws:iam::1:role/x": "key: arn:aws:iam::1:role/x\n",
    "system:node:{{EC2PrivateDNSName}}": "key: system:node:{{EC2PrivateDNSName}}\n",
    "": "key: ''\n",
    "true": "key: 'true'\n",
    "True": "key: 'True'\n",
    "no": "key: 'no'\n",
    "Off": "key: 'Off'\n",
    "null": "key: 'null'\n",
    "~": "key: '~'\n",
    "1_000": "key: 1_000\n",
    "0x1F": "key: '0x1F'\n",
    "0o17": "key: '0o17'\n",
    "0b1": "key: '0b1'\n",
    ".5": "key: '.5'\n",
    "1e3": "key: '1e3'\n",
    "-.inf": "key: '-.inf'\n",
    ".NaN": "key: '.NaN'\n",
    "12:30:45": "key: '12:30:45'\n",
    "2026-11-21": "key: '2026-11-21'\n",
    "2026-1-2 3:04:05": "key: '2026-1-2 3:04:05'\n",
    "<<": "key: '<<'\n",
    "- x": "key: '- x'\n",
    "? x": "key: '? x'\n",
    "a: b": "key: 'a: b'\n",
    "a #b": "key: 'a #b'\n",
    "a#b": "key: a#b\n",
    "a:": "key: 'a:'\n",
    "a:b": "key: a:b\n",
    " lead": "key: ' lead'\n",
    "trail ": "key: 'trail '\n",
    "#c": "key: '#c'\n",
    "@at": "key: '@at'\n",
    "`tick": "key: '`tick'\n",
    "%p": "key: '%p'\n",
    "{x": "key: '{x'\n",
    "[x": "key: '[x'\n",
    "a, b": "key: a, b\n",
    "'q'": "key: '''q'''\n",
    '"d"': "key: '\"d\"'\n",
    "it's": "key: it's\n",
    "tab\there": 'key: "tab\\there"\n',
    "multi\nline": "key: |-\n  multi\n  line\n",
    "multi\nline\n": "key: |\n  multi\n  line\n",
    "end\n\n": "key: |+\n  end\n\n",
    " indented\nlines": "key: |2-\n   indented\n  lines\n",
    "word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word": (
        "key: >-\n"
        "  word word word word word word word word word word word word word word word\n"
        "  word word word word word word word word word word word word word word word\n"
    ),
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": "key: >-\n"
    "  "
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
    "long line of words that goes on long line of words that goes on long line of words that goes on long line of words that goes on long line of words that goes on\nshort\n\nafter": (
        "key: >-\n"
        "  long line of words that goes on long line of words that goes on long line of\n"
        "  words that goes on long line of words that goes on long line of words that\n"
        "  goes on\n"
        "\n"
        "  short\n"
        "\n"
        "\n"
        "  after\n"
    ),
    "\x07bell": 'key: "\\abell"\n',
    "été": "key: été\n",
    "\x85next": 'key: "\\Nnext"\n',
    "😀": "key: 😀\n",
    "=": "key: '='\n",
    "!x": "key: '!x'\n",
    "&a": "key: '&a'\n",
    "*b": "key: '*b'\n",
    "|": "key: '|'\n",
    "> x": "key: '> x'\n",
    "a\\b": "key: a\\b\n",
    "1.2.3": "key: 1.2.3\n",
    "+1": "key: '+1'\n",
    "-": "key: '-'\n",
    "--- x": "key: '--- x'\n",
}
DOCUMENTS = [
    [[], "[]\n"],
    [{}, "{}\n"],
    [{"a": []}, "a: []\n"],
    [{"a": {}}, "a: {}\n"],
    [[{"a": 1, "b": [1, {"c": "d"}]}], "- a: 1\n  b:\n    - 1\n    - c: d\n"],
    [{"a": {"b": {"c": [True, None, 1.5]}}}, "a:\n  b:\n    c:\n      - true\n      - null\n      - 1.5\n"],
    [[["x", ["y"]]], "- - x\n  - - 'y'\n"],
    [{"true": 1, "a b": 2, "k: v": 3}, "'true': 1\na b: 2\n'k: v': 3\n"],
    [
        {
            "a": [
                "long words long words long words long words long words long words long words long words long words long "
                "words long words long words "
            ]
        },
        "a:\n"
        "  - >-\n"
        "    long words long words long words long words long words long words long words\n"
        "    long words long words long words long words long words \n",
    ],
]
TABLES = [
    [{}, ""],
    [{"a": 1}, "a = 1\n"],
    [{"a": {"b": 1}}, "[a]\nb = 1\n"],
    [{"a": {"b": {"c": "d"}}, "e": 1}, 'e = 1\n\n[a.b]\nc = "d"\n'],
    [{"a": {"x": 1, "b": {"c": 2}}}, "[a]\nx = 1\n\n  [a.b]\n  c = 2\n"],
    [{"a": {"b": [1, 2, 3], "s": ["x", "y"]}}, '[a]\nb = [ 1, 2, 3 ]\ns = [ "x", "y" ]\n'],
    [{"a": [{"b": 1}, {"c": {"d": 2}}]}, "[[a]]\nb = 1\n\n[[a]]\n[a.c]\nd = 2\n"],
    [
        {"a": 1000000, "b": 1.5, "c": True, "d": 'q"uote', "e": "multi\nline", "f": "back\\slash", "g": "tab\t"},
        'a = 1_000_000\nb = 1.5\nc = true\nd = \'q"uote\'\ne = """\nmulti\nline"""\nf = "back\\\\slash"\ng = "tab\\t"\n',
    ],
    [{"a.b": 1, "c d": {"e": "f"}}, '"a.b" = 1\n\n["c d"]\ne = "f"\n'],
    [
        {"a": ["long string number one here", "long string number two here", "and three"]},
        'a = [\n  "long string number one here",\n  "long string number two here",\n  "and three"\n]\n',
    ],
    [{"a": {"b": {}}}, "[a]\nb = { }\n"],
    [{"a": []}, "a = [ ]\n"],
    [{"a": {"x": 1, "b": {"c": {"d": 1}}, "l": [{"y": 1}]}}, "[a]\nx = 1\n\n[a.b.c]\nd = 1\n\n  [[a.l]]\n  y = 1\n"],
    [{"a": 'it\'s "both"'}, 'a = "it\'s \\"both\\""\n'],
    [{"a": [["x"], ["y"]]}, 'a = [ [ "x" ], [ "y" ] ]\n'],
    [{"a": [1, {"b": 2}]}, "a = [ 1, { b = 2 } ]\n"],
]


@pytest.mark.parametrize(("text", "written"), SCALARS.items())
def test_a_string_is_quoted_folded_or_left_plain_as_js_yaml_does(text: str, written: str) -> None:
    assert dump({"key": text}) == written


@pytest.mark.parametrize(("document", "written"), DOCUMENTS)
def test_a_document_is_laid_out_as_js_yaml_does(document: object, written: str) -> None:
    assert dump(document) == written


@pytest.mark.parametrize(("table", "written"), TABLES)
def test_a_table_is_laid_out_as_iarna_does(table: dict[str, object], written: str) -> None:
    assert stringify(table) == written


@pytest.mark.parametrize(
    ("service_range", "address"),
    [("172.20.0.0/16", "172.20.0.10"), ("10.100.3.7/16", "10.100.0.10"), ("fd12:3456::/108", "fd12:3456::a")],
)
def test_the_dns_service_has_the_tenth_address_of_the_range(service_range: str, address: str) -> None:
    assert dns_address(service_range) == address


def test_empty_objects_are_given_and_empty_strings_are_not() -> None:
    assert given({})
    assert given([])
    assert not given("")
    assert not given(0)


def test_numbers_are_written_as_javascript_writes_them() -> None:
    assert [js_text(value) for value in (2.0, 1.5, True, "x")] == ["2", "1.5", "true", "x"]
