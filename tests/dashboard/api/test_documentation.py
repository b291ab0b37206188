"""What the OpenAPI document says of each operation to who has read nothing else."""

import pytest

from dashboard.api.routes import api

SCHEMA = api.get_openapi_schema(path_prefix="/api/v1/")
OPERATIONS = [(verb, path, told) for path, verbs in SCHEMA["paths"].items() for verb, told in verbs.items()]


@pytest.mark.parametrize(("verb", "path", "told"), OPERATIONS, ids=lambda each: str(each)[:40])
def test_an_operation_is_titled_by_what_it_gives_and_each_of_its_parameters_is_described(verb, path, told):
    assert told["summary"] and told["description"].startswith(told["summary"])
    assert told["summary"].lower() not in told["operationId"].replace("_", " ")
    silent = [each["name"] for each in told.get("parameters", ()) if not each["schema"].get("description")]
    assert silent == []


def test_queries_orders_and_ids_have_an_example():
    wanted = {"q": 0, "sort": 0, "id": 0}
    for _, path, told in OPERATIONS:
        for each in told.get("parameters", ()):
            if each["name"] in wanted and "/alerts" not in path and "/shares/{id}" not in path:
                assert each["schema"].get("examples"), (path, each["name"])
                wanted[each["name"]] += 1
    assert all(wanted.values())
