"""That nobody keeps what the API answered: it is what people said on the telephone."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from dashboard.api.problems import API, Answering


def never_kept(get_response: Answering) -> Answering:
    """Have every answer below /api/ kept by no cache: errors, streams and sound, too."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        answer = get_response(request)
        if request.path.startswith(API):
            answer.headers["Cache-Control"] = "private, no-store"
        return answer

    return answered
