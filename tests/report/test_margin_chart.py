import math
import re

import msgspec

from arterial.model.line import Margins
from arterial.report.light import bundles
from arterial.report.margin_chart import margin_chart
from arterial.report.margins import margin_parts

PARTS = margin_parts(Margins())


def test_a_bundle_with_less_than_all_margins_is_marked(plan):
    rows = bundles(plan)
    svg = margin_chart(rows, PARTS, span_db=(0.0, 6.0))
    short = sum(row.margin_db < 2.0 for row in rows)
    assert 0 < short < len(rows)
    assert svg.count('class="dot short"') == short
    assert svg.count('class="dot holds"') == len(rows) - short


def test_dots_lie_in_the_order_of_their_margins(plan):
    rows = bundles(plan)
    svg = margin_chart(rows, PARTS, span_db=(-2.0, 6.0))
    at = [float(x) for x in re.findall(r'<circle[^>]* cx="([\d.]+)"', svg)]
    assert len(at) == len(rows)
    assert at == sorted(at)


def test_an_unknown_margin_is_told_and_draws_no_dot(plan):
    row = msgspec.structs.replace(bundles(plan)[0], margin_db=math.nan)
    svg = margin_chart([row], PARTS, span_db=(0.0, 2.0))
    assert "<circle" not in svg
    assert ">unknown<" in svg
    assert "nan" not in svg


def test_a_network_without_margins_still_has_a_chart(plan):
    none = margin_parts(Margins(model_db=0.0, mixed_comb_db=0.0, ageing_db=0.0))
    assert none == ()
    assert "zone" not in margin_chart(bundles(plan), none, span_db=(0.0, 3.0))
