from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # indexed while others read and write

    dependencies = [("projection", "0015_outline")]
    operations = [
        AddIndexConcurrently(
            "callrow", GinIndex(fields=["warning_codes", "error_codes"], name="call_codes")
        ),
        AddIndexConcurrently(
            "callrow",
            models.Index(
                fields=["started_at"],
                include=[
                    "call_id", "ended_at", "sip_response_code", "interruptions", "parent_duration_s",
                    "child_duration_s", "ai_silence_before_end_s", "caller_speech_end_to_child_end_s",
                    "untranscribed_caller_speech_s", "detection_lag_s", "response_time_p50_s",
                    "longest_dead_air_s", "talk_over_s",
                ],
                name="call_numbers",
            ),
        ),
    ]  # fmt: skip
