"""Configuration in source code, as syntax trees show it: what only looks so in a text or a comment does not count."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

from cfgc.reports.scan.code import read, worth_parsing
from cfgc.reports.scan.code.findings import Struct
from cfgc.reports.scan.examine import examine
from cfgc.reports.scan.grammar import INSTALL
from cfgc.reports.scan.names import candidate

GO = """package config

import "os"

// os.Getenv("IN_A_COMMENT")
type Config struct {
	Port  int    `yaml:"port" env:"APP_PORT"`
	Cache struct {
		Size int `yaml:"size,omitempty"`
	} `yaml:"cache"`
	Skip string `yaml:"-"`
}

type Answer struct {
	Code int `json:"code"`
}

type MailOptions struct {
	Host string `json:"host"`
}

type Plain struct{ X int }

func load() {
	_ = "os.Getenv(\\"IN_A_TEXT\\")"
	os.Getenv("HOME_DIR")
	v, ok := os.LookupEnv(`RAW`)
	os.Getenv(name)
	other.Getenv("NOT_OURS")
}
"""
PYTHON = '''import os
from os import environ, getenv

class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_")
    port: int = 80
    kind: ClassVar[str] = "x"

    def method(self) -> None: ...

class MailConfig(BaseModel):
    host: str

class Order(BaseModel):
    id: int

@dataclass(frozen=True)
class CacheOptions:
    size: int

@dataclass
class Point:
    x: int

"""os.environ["IN_A_TEXT"]"""  # os.getenv("IN_A_COMMENT")
os.environ["A"], os.environ.get("B", "x"), os.getenv('C'), getenv("D"), environ["E"]
os.environ[f"F{x}"], os.environ[name]
'''
TYPESCRIPT = """
export interface AppConfig { port: number; host?: string; run(): void }
type Env = { LEVEL: string };
class DatabaseSettings { url = "x"; pool: number = 1 }
interface Order { id: number }
const configSchema = z.object({ a: z.string(), "b-c": z.number() });
const { TAKEN, RENAMED: other, WITH = "x" } = process.env;
process.env.DOT; process.env["BRACKET"]; import.meta.env.VITE_X; Deno.env.get("DENO");
process.env[`X${y}`]; // process.env.IN_A_COMMENT
"process.env.IN_A_TEXT";
"""
JAVA = """
@ConfigurationProperties(prefix = "shop.mail")
public class MailProperties {
  private String host;
  private static final int LIMIT = 1;
  @Value("${MAIL_PORT:25}") int port;
  void f() { System.getenv("A"); System.getenv().get("B"); other.getenv("NOT_OURS"); } // System.getenv("IN_A_COMMENT")
}
@ConfigurationProperties("shop.cache")
record CacheProperties(int size, String mode) {}
class Plain { int x; String s = "System.getenv(\\"IN_A_TEXT\\")"; }
"""
RUST = """fn main() {
    std::env::var("A"); env::var_os("B"); let c = env!("C"); option_env!("D");
    env::var(name); // env::var("IN_A_COMMENT")
    let s = "env::var(\\"IN_A_TEXT\\")";
}
"""


def test_go() -> None:
    found = read(GO, "go")
    assert found.structs == [
        Struct("Config", 6, "Go struct (env, yaml)", ("port", "cache")),
        Struct("MailOptions", 18, "Go struct (json)", ("host",)),
    ]
    assert found.reads == {"APP_PORT": 7, "HOME_DIR": 26, "RAW": 27}


def test_python() -> None:
    found = read(PYTHON, "python")
    assert found.structs == [
        Struct("Settings", 4, "pydantic settings", ("port",)),
        Struct("MailConfig", 11, "pydantic model", ("host",)),
        Struct("CacheOptions", 18, "dataclass", ("size",)),
    ]
    assert found.reads == {"A": 26, "B": 26, "C": 26, "D": 26, "E": 26, "SHOP_PORT": 6}


@pytest.mark.parametrize("language", ["typescript", "tsx"])
def test_typescript(language: str) -> None:
    found = read(TYPESCRIPT, language)
    assert [(each.name, each.keys) for each in found.structs] == [
        ("AppConfig", ("port", "host")),
        ("Env", ("LEVEL",)),
        ("DatabaseSettings", ("url", "pool")),
        ("configSchema", ("a", "b-c")),
    ]
    assert set(found.reads) == {"TAKEN", "RENAMED", "WITH", "DOT", "BRACKET", "VITE_X", "DENO"}


def test_javascript() -> None:
    found = read("const {A} = process.env; process.env.B; const appConfig = z.object({c: 1})", "javascript")
    assert set(found.reads) == {"A", "B"}
    assert found.structs == [Struct("appConfig", 1, "schema of an object", ("c",))]


def test_java() -> None:
    found = read(JAVA, "java")
    assert [(each.name, each.keys) for each in found.structs] == [
        ("MailProperties", ("shop.mail.host", "shop.mail.port")),
        ("CacheProperties", ("shop.cache.size", "shop.cache.mode")),
    ]
    assert set(found.reads) == {"A", "B", "MAIL_PORT"}


def test_rust() -> None:
    assert set(read(RUST, "rust").reads) == {"A", "B", "C", "D"}


@pytest.mark.parametrize(
    ("language", "source", "reads"),
    [
        ("go", 'import o "os"\nfunc f() { o.Getenv("A") }', ["A"]),
        ("go", 'const name = "A"\nfunc f() { os.Getenv(name); os.Getenv(other) }', ["A"]),
        ("go", 'func f() { os.ExpandEnv("$A/${B}/x"); os.Setenv("C", "") }', ["A", "B"]),
        ("go", 'func f() { viper.BindEnv("key", "A"); viper.BindEnv("key") }', ["A"]),
        ("python", "import os as o\no.environ['A']; o.getenv('B')", ["A", "B"]),
        ("python", "from os import environ as e, getenv as g\ne['A']; e.get('B'); g('C')", ["A", "B", "C"]),
        ("python", "NAME = 'A'\nTWICE = 'B'\nTWICE = 'C'\nos.environ[NAME]; os.environ[TWICE]", ["A"]),
        ("python", "'A' in os.environ; os.environb[b'B']; os.getenvb(b'C')", ["A", "B", "C"]),
        ("python", "os.environ['A'] = 'x'; del os.environ['B']; os.environ['C'] += 'x'", ["C"]),
        ("python", "def app(environ, start): environ['REQUEST_METHOD']; getenv('X')", []),
        ("python", "from decouple import config\nconfig('A', default=1)", ["A"]),
        ("python", "env = environ.Env()\nenv('A'); env.str('B')", ["A", "B"]),
        (
            "typescript",
            "process?.env?.A; process.env!.B; globalThis.process.env.C; (process.env as any).D",
            list("ABCD"),
        ),
        ("typescript", "const env = process.env; env.A; env.toString; const N = 'B'; env[N]", ["A", "B"]),
        ("typescript", "import { env as e } from 'node:process'; e.A; Deno.env.has('B')", ["A", "B"]),
        ("javascript", "const {env} = require('process'); env.A", ["A"]),
        ("javascript", "process.env.A = 1; delete process.env.B; process.env.C ??= 'x'", ["C"]),
        (
            "java",
            'class A { String a = java.lang.System.getenv("A"); boolean b = System.getenv().containsKey("B"); }',
            ["A", "B"],
        ),
        (
            "java",
            'class A { static final String N = "A"; String a = System.getenv(N), b = System.getenv(A.N); }',
            ["A"],
        ),
        ("java", 'import static java.lang.System.getenv; class A { String a = getenv("A"); }', ["A"]),
        (
            "rust",
            'use std::env::{var, var_os as raw}; fn f() { var("A"); raw("B"); ::std::env::var("C"); }',
            ["A", "B", "C"],
        ),
        ("rust", 'const N: &str = "A"; fn f() { std::env::var(N); env::var(M); env::set_var("B", ""); }', ["A"]),
    ],
)
def test_a_read_by_another_name_counts_and_a_write_does_not(language: str, source: str, reads: list[str]) -> None:
    assert sorted(read(source, language).reads) == reads


@pytest.mark.parametrize(
    ("body", "reads"),
    [
        ('model_config = {"env_prefix": "X_"}\n    a: int', ["X_A"]),
        ('a: int\n    class Config:\n        env_prefix = "X_"', ["X_A"]),
        (
            'model_config = SettingsConfigDict(env_prefix="X_")\n    a: int = Field(1, validation_alias="PORT")',
            ["PORT"],
        ),
        ('a: int = Field(validation_alias=AliasChoices("A1", "A2"))', ["A1", "A2"]),
        ('a: int = Field(env=["A1", "A2"])', ["A1", "A2"]),
        ("a: int\nclass More(Settings):\n    b: int", ["A", "B"]),
    ],
)
def test_settings_of_pydantic_tell_their_variables(body: str, reads: list[str]) -> None:
    assert sorted(read(f"class Settings(BaseSettings):\n    {body}\n", "python").reads) == reads


@pytest.mark.parametrize(
    ("language", "source"),
    [("go", GO), ("python", PYTHON), ("typescript", TYPESCRIPT), ("java", JAVA), ("rust", RUST)],
)
def test_a_source_that_holds_any_is_parsed_and_one_that_cannot_is_not(language: str, source: str) -> None:
    assert worth_parsing(source.encode(), language)
    assert not worth_parsing(b"x = 1", language)


@pytest.mark.parametrize("name", ["a.go", "main.tf"])
def test_without_the_extra_a_file_is_listed_with_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from cfgc.reports.scan import grammar

    real = builtins.__import__

    def missing(module: str, *rest: Any, **named: Any) -> Any:
        if module.startswith("tree_sitter"):
            raise ModuleNotFoundError(module)
        return real(module, *rest, **named)

    grammar._language.cache_clear()
    monkeypatch.setattr(builtins, "__import__", missing)
    chosen = candidate(name)
    assert chosen is not None
    facts = examine(name, GO.encode(), chosen)
    assert facts is not None
    assert (facts.state, facts.note) == ("not-checked", INSTALL)
    grammar._language.cache_clear()
