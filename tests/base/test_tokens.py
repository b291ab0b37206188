import hmac

from callstore.base import tokens


def test_each_known_token_is_compared_whole_wherever_one_fits(monkeypatch):
    compared = []
    true = hmac.compare_digest
    monkeypatch.setattr(tokens.hmac, "compare_digest", lambda a, b: compared.append((a, b)) or true(a, b))
    assert tokens.is_one_of("first", ["first", "second", "third"])
    assert [known for _, known in compared] == [b"first", b"second", b"third"]
    assert not tokens.is_one_of("fir", ["first"])
