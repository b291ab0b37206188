"""Every provider keeps what all promise: found by scanning, so a new folder is tested by being there."""

import pytest

import ingest.providers
from callstore.domain.facts.record import AUDIO, OPERATOR
from ingest.providers.provider import discovered
from ingest.providers.setting import declared
from tests.ingest.providers import contract

EACH = [promise for name in discovered() for promise in contract.promises(name)]


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.PUBLIC_BASE_URL = "https://calls.example.com"
    for setting in declared():
        setattr(settings, setting.name, setting.read(setting.demo))


@pytest.mark.parametrize(
    ("promise", "example"), EACH, ids=[f"{promise.__name__}-{example.name}" for promise, example in EACH]
)
def test_a_provider_keeps_its_promise(promise, example):
    promise(example)


@pytest.mark.parametrize("name", discovered())
def test_a_provider_has_examples_and_a_page(name):
    contract.it_has_examples_of_both_kinds_and_says_how_to_set_it_up(name)


@pytest.mark.parametrize("name", [AUDIO, OPERATOR])
def test_a_provider_cannot_take_the_name_of_a_source_of_our_own(name, tmp_path, monkeypatch):
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").touch()
    (tmp_path / name / "provider.py").write_text("provider = None")
    monkeypatch.setattr(ingest.providers, "__path__", [*ingest.providers.__path__, str(tmp_path)])
    with pytest.raises(ValueError, match=f"cannot be named {name}"):
        discovered.__wrapped__()
