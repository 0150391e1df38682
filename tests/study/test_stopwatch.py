from arterial.study.stopwatch import Stopwatch


def test_time_belongs_to_the_stage_that_was_named_last():
    now = [10.0]
    heard = []
    watch = Stopwatch(lambda *event: heard.append(event), clock=lambda: now[0])
    for moment, stage in [(11.0, "a"), (13.0, "a"), (14.0, "warning: w"), (20.0, "b")]:
        now[0] = moment
        watch(stage, 0, 1)
    now[0] = 20.5
    facts = watch.facts()
    assert facts.stages == {"start": 1.0, "a": 9.0, "b": 0.5}
    assert facts.seconds == watch.elapsed_s == 10.5
    assert [stage for stage, _, _ in heard] == ["a", "a", "warning: w", "b"]
