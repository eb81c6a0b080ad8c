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

    def missing(module: str, *rest: Any) -> Any:
        if module.startswith("tree_sitter"):
            raise ModuleNotFoundError(module)
        return real(module, *rest)

    grammar._language.cache_clear()
    monkeypatch.setattr(builtins, "__import__", missing)
    chosen = candidate(name)
    assert chosen is not None
    facts = examine(name, GO.encode(), chosen)
    assert facts is not None
    assert (facts.state, facts.note) == ("not-checked", INSTALL)
    grammar._language.cache_clear()
