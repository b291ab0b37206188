"""Errors as RFC 9457 problem details, for tests that provoke one."""


def problem(response, status):
    """The problem that an answer of this status tells."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status and body["type"] and body["title"] and body["detail"]
    return body
