"""What is served as static files in production: one script and one sheet a page, each whole."""

import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Barrier

import pytest
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.core.management import call_command

from callstore.assets import whole_files
from callstore.assets.whole_files import whole_script, whole_sheet


def test_a_script_and_a_sheet_are_served_with_all_that_they_import_and_without_comments(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "callstore.assets.storage.HashedStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    scripts = [path.read_text() for path in (tmp_path / "dashboard").rglob("*.js")]
    sheets = [path.read_text() for path in (tmp_path / "dashboard").rglob("*.css")]
    assert not [text for text in scripts if re.search(r"^\s*(//|import )", text, re.M)]
    assert not [text for text in sheets if "@import" in text]
    (main,) = (tmp_path / "dashboard/call").glob("main.????????????.js")
    assert main.read_text().count("class Player ") == main.read_text().count("class StripAxis ") == 1
    # Nobody keeps yesterday's: what is imported is in the name's hash.
    [sheet] = (tmp_path / "dashboard/call").glob("main.????????????.css")
    assert ".way-back" in sheet.read_text()


def test_threads_that_ask_for_the_first_file_at_once_share_one_folder(monkeypatch):
    folder = cache(whole_files._made_folder.__wrapped__)
    monkeypatch.setattr(whole_files, "_made_folder", folder)
    begin = Barrier(8)

    def made(number: int) -> Path:
        begin.wait(10)
        return Path(whole_files.made(f"{number}.js", "1"))

    with ThreadPoolExecutor(8) as pool:
        files = list(pool.map(made, range(8)))
    assert len({file.parent for file in files}) == 1
    assert all(file.exists() for file in files)
    folder().cleanup()


def written(folder, **files):
    for name, text in files.items():
        folder.joinpath(f"{name}.js").write_text(text)
    return folder / "main.js"


def test_a_module_that_two_import_is_there_once_and_each_keeps_its_own_names(tmp_path):
    main = written(
        tmp_path,
        main='import { one } from "./one.js";\nimport { two, twice } from "./two.js";\none + two;\n',
        one='import { two } from "./two.js";\nconst own = 1; // it\n// told\nexport const one = own + two;\n',
        two="const own = 2;\nexport const two = own;\nexport async function twice() {}\n",
    )
    assert whole_script(main) == (
        "const module0 = (() => {\nconst own = 2;\nconst two = own;\nasync function twice() {}\n"
        "return { two, twice };\n})();\n"
        "const module1 = (() => {\nconst { two } = module0;\nconst own = 1; // it\nconst one = own + two;\n"
        "return { one };\n})();\n"
        "const { one } = module1;\nconst { two, twice } = module0;\none + two;\n"
    )


def test_what_the_collecting_does_not_understand_it_refuses(tmp_path):
    for text in ('import x from "./one.js";', 'await import("./one.js");', "export default 1;"):
        with pytest.raises(ImproperlyConfigured, match=r"main\.js says what is not understood"):
            whole_script(written(tmp_path, main=f"{text}\n", one=""))
    circle = written(
        tmp_path,
        main='import { a } from "./one.js";\nexport const b = 1;\n',
        one='import { b } from "./main.js";\nexport const a = b;\n',
    )
    with pytest.raises(ImproperlyConfigured, match=r"main\.js is imported by what it imports"):
        whole_script(circle)


def test_a_sheet_that_another_imports_stands_in_its_place(tmp_path):
    tmp_path.joinpath("deep").mkdir()
    tmp_path.joinpath("deep/main.css").write_text('@import "../one.css";\nb { }\n')
    tmp_path.joinpath("one.css").write_text("a { }\n")
    assert whole_sheet(tmp_path / "deep/main.css") == "a { }\nb { }\n"


@pytest.mark.parametrize("bundle", ["the wheel's", "npm's"])
def test_plotly_is_served_from_where_a_package_left_it_and_what_npm_left_says_to_compile_all(
    settings, tmp_path, bundle
):
    settings.STATIC_ROOT, settings.BASE_DIR = tmp_path / "static", tmp_path
    if bundle == "npm's":
        basic = tmp_path / "node_modules/plotly.js-basic-dist-min/plotly-basic.min.js"
        basic.parent.mkdir(parents=True)
        basic.write_text("var Plotly;")
    call_command("collectstatic", interactive=False, verbosity=0)
    served = (tmp_path / "static/vendor/plotly.min.js").read_text()
    if bundle == "npm's":
        assert served == "//# allFunctionsCalledOnLoad\nvar Plotly;"
    else:
        assert len(served) > 1_000_000 and "allFunctionsCalledOnLoad" not in served


@pytest.mark.parametrize("name", ["../out.js", "dashboard/../../out.js", "/tmp/out.js"])
def test_no_name_leads_out_of_the_folder_of_what_was_put_together(name):
    with pytest.raises(SuspiciousFileOperation):
        whole_files.made(name, "1")
