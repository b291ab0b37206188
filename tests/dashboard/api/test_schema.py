"""Whatever a client asks by the OpenAPI document is answered, without an error of ours, as the document says.

What the document does not say is not asked of the answers, for clients were generated from it as it is: that
errors are problem details by their content type, and that the streamed routes answer with 200.
"""

import json

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from dashboard.api.routes import api
from tests.dashboard.documents import put_call
from tests.dashboard.heard import heard_call

STREAMED = ("/incidents.csv", "/incidents.jsonl", "/audio/{recording}")
# The client of these tests unpacks nothing.
TOKEN = {"Authorization": "Bearer a-token", "Accept-Encoding": "identity"}


documented = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
schema = schemathesis.openapi.from_dict(documented, config=schemathesis.Config(seed=1))
schema.app = get_wsgi_application()


@pytest.fixture
def known(transactional_db, settings, tmp_path, monkeypatch):
    """Values of a path that lead to a call of which much is known. Of another one only the id is."""
    settings.API_TOKENS = ["a-token"]
    settings.RECORDING_STORAGE = str(tmp_path)
    put_call()
    document = heard_call("founding_call", monkeypatch)
    return {"id": document["child_call_sid"], "recording": document["recordings"][0]["recording"]}


@schema.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
def test_every_answer_is_one_that_the_document_has(known, case):
    checks = [not_a_server_error]
    if not case.path.endswith(STREAMED):
        checks += [status_code_conformance, response_schema_conformance]
    case.call_and_validate(headers=TOKEN, checks=checks)
    if case.path_parameters:
        case.path_parameters.update({name: known[name] for name in case.path_parameters if name in known})
        case.call_and_validate(headers=TOKEN, checks=checks)
