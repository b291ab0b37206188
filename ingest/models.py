"""What doors refused, how status pages answer, who watches what, how facts come. Facts live in the log."""

from django.db import models


class Rejection(models.Model):
    """How often a door refused, per reason, likeness and day. Nothing of the refused request is kept.

    `looks_like` is one word for in what it differs from a request that would have been taken ("" unknown).
    """

    door = models.CharField(max_length=40)
    reason = models.CharField(max_length=80)
    looks_like = models.CharField(max_length=20, default="")
    day = models.DateField()
    count = models.BigIntegerField(default=0)
    first_at = models.DateTimeField(null=True)  # of that day, as is the last; unknown before they were kept
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["door", "reason", "looks_like", "day"], name="one_count_a_reason")
        ]


class Feed(models.Model):
    """A status page that is asked: when it last answered well, what is wrong with it, what it listed."""

    url = models.TextField(primary_key=True)
    checked_at = models.DateTimeField()
    ok_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)  # since when it fails; null while it does not
    error = models.TextField(default="")
    note = models.TextField(default="")  # what was left out of an answer that could be read
    etag = models.TextField(default="")
    modified = models.TextField(default="")
    # {external id: [the key of its last revision, or that it is gone, and whether it is over by that]}
    listed = models.JSONField(default=dict)


class Watch(models.Model):
    """A session that was offered, and who watches it: `holder`, until its lease ends (`until`).

    `watched_at` is the last moment of which it is known that somebody watched, and `connection` on which of
    his sockets; nobody holds what was given back. Kept for some hours after it is over.
    """

    subject = models.CharField(max_length=200, primary_key=True)
    child = models.CharField(max_length=100, null=True)  # the legs that the offer names, as call SIDs
    parent = models.CharField(max_length=100, null=True)
    offered_at = models.DateTimeField()
    holder = models.UUIDField(null=True)
    until = models.DateTimeField()
    watched_at = models.DateTimeField(null=True)
    connection = models.CharField(max_length=100, null=True)
    over = models.BooleanField(default=False)

    class Meta:
        # Of what a renewal changes nothing is indexed, so that it stays on its page.
        indexes = [models.Index(fields=["subject"], name="watches", condition=models.Q(over=False))]


class Arrival(models.Model):
    """How many facts of a source came in a slot of time, of one class of lateness (`eventlog.reading.tally`).

    Counted of the log: of `unknown` ones we did not know the kind, `disordered` ones came after one of their
    stream that happened later. The rows of two weeks are kept.
    """

    pk = models.CompositePrimaryKey("source", "slot", "late")
    source = models.CharField(max_length=60)
    slot = models.DateTimeField()
    late = models.SmallIntegerField()
    count = models.BigIntegerField()
    unknown = models.BigIntegerField()
    disordered = models.BigIntegerField(default=0, db_default=0)
    last_at = models.DateTimeField()


class Oddity(models.Model):
    """Where in the log a fact stands that came oddly: of an unknown kind, ahead of our clock, out of order.

    The last of each slot, for whoever wants to see what was counted; those of a day are kept.
    """

    pk = models.CompositePrimaryKey("source", "kind", "epoch", "xid", "position")
    source = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    epoch = models.SmallIntegerField()
    xid = models.BigIntegerField()
    position = models.BigIntegerField()
    slot = models.DateTimeField()


class Repeat(models.Model):
    """How often in a slot of time a source did something again, or for the first time where `what` says so.

    `told_again` is a fact that the log had, of which it keeps nothing; `fetched` a try to fetch something,
    and `fetched_again` one that followed a failure. The rows of two weeks are kept.
    """

    pk = models.CompositePrimaryKey("source", "slot", "what")
    source = models.CharField(max_length=60)
    slot = models.DateTimeField()
    what = models.CharField(max_length=20)
    count = models.BigIntegerField()
