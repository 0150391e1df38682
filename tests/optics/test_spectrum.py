from hypothesis import given
from hypothesis import strategies as st

from arterial.optics.spectrum import Band, Placement, SpectrumRequest, assign, slot_count

WIDTHS_GHZ = (75.0, 87.5, 100.0, 112.5, 150.0)
BAND = Band(start_ghz=191_300.0, slots=40)


@st.composite
def spectrum_cases(draw):
    fibres = draw(st.integers(1, 5))
    pairs = {fibre: draw(st.integers(0, 3)) for fibre in range(fibres)}
    requests = [
        SpectrumRequest(
            name=f"wave {number:02}",
            fibres=tuple(draw(st.permutations(range(fibres)))[: draw(st.integers(1, fibres))]),
            slot_ghz=draw(st.sampled_from(WIDTHS_GHZ)),
        )
        for number in range(draw(st.integers(0, 24)))
    ]
    return requests, pairs


def naive_first_fit(requests, pairs_lit, slots):
    """Sets of slots instead of bits; the first frequency at which every hop has a pair."""
    used = {(f, p): set() for f, pairs in pairs_lit.items() for p in range(1, pairs + 1)}
    found = {}
    ranked = sorted(requests, key=lambda r: (-len(r.fibres), -r.slot_ghz, r.name))
    for request in ranked:
        width = round(request.slot_ghz / 12.5)
        for first in range(slots - width + 1):
            wanted = set(range(first, first + width))
            pairs = [
                next((p for p in range(1, pairs_lit[f] + 1) if not used[f, p] & wanted), None)
                for f in request.fibres
            ]
            if None not in pairs:
                for fibre, pair in zip(request.fibres, pairs, strict=True):
                    used[fibre, pair] |= wanted
                found[request.name] = (first, tuple(pairs))
                break
    return found


@given(case=spectrum_cases())
def test_bits_place_what_sets_place(case):
    requests, pairs = case
    result = assign(requests, pairs, BAND)
    expected = naive_first_fit(requests, pairs, BAND.slots)
    assert {p.name: (p.first_slot, p.pairs) for p in result.placed} == expected
    unplaced = {request.name for request in requests} - set(expected)
    assert {left.name for left in result.unplaced} == unplaced


@given(case=spectrum_cases())
def test_no_two_segments_share_a_slot_of_a_pair(case):
    requests, pairs = case
    by_name = {request.name: request for request in requests}
    taken = {}
    for placement in assign(requests, pairs, BAND).placed:
        fibres = by_name[placement.name].fibres
        low = placement.centre_ghz - placement.slots * 6.25
        assert low == BAND.start_ghz + placement.first_slot * 12.5
        assert 0 <= placement.first_slot <= BAND.slots - placement.slots
        for fibre, pair in zip(fibres, placement.pairs, strict=True):
            assert 1 <= pair <= pairs[fibre]
            for slot in range(placement.first_slot, placement.first_slot + placement.slots):
                assert taken.setdefault((fibre, pair, slot), placement.name) == placement.name


@given(case=spectrum_cases(), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_requests_changes_nothing(case, shuffle):
    requests, pairs = case
    mixed = requests.copy()
    shuffle.shuffle(mixed)
    once, again = (assign(order, pairs, BAND) for order in (requests, mixed))
    assert sorted(p.name for p in once.placed) == sorted(p.name for p in again.placed)
    assert once.used == again.used


@given(case=spectrum_cases())
def test_fill_counts_the_slots_of_the_fullest_pair(case):
    requests, pairs = case
    result = assign(requests, pairs, BAND)
    by_name = {request.name: request for request in requests}
    for fibre, count in pairs.items():
        slots = [0] * (count + 1)
        for placement in result.placed:
            fibres = by_name[placement.name].fibres
            if fibre in fibres:
                slots[placement.pairs[fibres.index(fibre)]] += placement.slots
        assert result.fill(fibre) == max(slots) / BAND.slots


def test_what_does_not_fit_is_told_with_its_fibre():
    def wave(name, *fibres, slot_ghz=150.0):
        return SpectrumRequest(name=name, fibres=fibres, slot_ghz=slot_ghz)

    narrow = Band(start_ghz=191_300.0, slots=24)
    result = assign([wave("a", 0), wave("b", 0), wave("c", 1, 0)], {0: 1, 1: 1}, narrow)
    assert [(left.name, left.fibre, left.why) for left in result.unplaced] == [("b", 0, "full")]

    dark = assign([wave("a", 0, 7)], {0: 1}, narrow)
    assert [(left.fibre, left.why) for left in dark.unplaced] == [(7, "full")]

    wide = assign([wave("a", 0, slot_ghz=400.0)], {0: 1}, narrow)
    assert [left.why for left in wide.unplaced] == ["band"]


def test_a_band_without_a_slot_is_not_filled():
    assert assign([], {0: 2}, Band(start_ghz=191_300.0, slots=0)).fill(0) == 0.0


def test_room_on_each_fibre_but_never_the_same_is_no_room():
    # On fibres 0 and 1 the two-hop wave leaves slots 12 to 24; fibre 2 holds two of its own.
    requests = [
        SpectrumRequest(name="a", fibres=(0, 3), slot_ghz=150.0),
        SpectrumRequest(name="b", fibres=(1, 3), slot_ghz=150.0),
        SpectrumRequest(name="c", fibres=(0, 1), slot_ghz=150.0),
    ]
    result = assign(requests, {0: 1, 1: 1, 3: 1}, Band(start_ghz=191_300.0, slots=24))
    assert [(left.name, left.why) for left in result.unplaced] == [("c", "continuity")]


def test_the_first_wave_takes_the_lowest_frequency():
    request = SpectrumRequest(name="a", fibres=(0, 1), slot_ghz=87.5)
    result = assign([request], {0: 2, 1: 1}, BAND)
    assert result.placed == (
        Placement(name="a", first_slot=0, slots=7, centre_ghz=191_343.75, pairs=(1, 1)),
    )


def test_every_width_is_whole_slots():
    assert [slot_count(width) * 12.5 for width in WIDTHS_GHZ] == list(WIDTHS_GHZ)
    assert slot_count(76.0) == 7


@given(case=spectrum_cases(), draw=st.data())
def test_what_stands_is_not_moved_and_closed_slots_stay_dark(case, draw):
    requests, pairs = case
    closed = draw.draw(st.integers(0, 2**40 - 1))
    taken = {
        fibre: tuple(draw.draw(st.integers(0, 2**40 - 1)) for _ in range(count))
        for fibre, count in pairs.items()
    }
    band = Band(start_ghz=191_300.0, slots=40, closed=closed)
    result = assign(requests, pairs, band, taken=taken)
    fresh = {fibre: [0] * count for fibre, count in pairs.items()}
    by_name = {request.name: request for request in requests}
    for placement in result.placed:
        wanted = ((1 << placement.slots) - 1) << placement.first_slot
        assert not wanted & closed
        for fibre, pair in zip(by_name[placement.name].fibres, placement.pairs, strict=True):
            assert not wanted & (taken[fibre][pair - 1] | fresh[fibre][pair - 1])
            fresh[fibre][pair - 1] |= wanted
    for fibre, masks in fresh.items():
        stands = taken[fibre]
        assert result.used[fibre] == tuple(a | b for a, b in zip(masks, stands, strict=True))


def test_a_group_that_is_not_contentionless_takes_a_frequency_once():
    group = ("Elm", 1)
    requests = [
        SpectrumRequest(name=name, fibres=(fibre,), slot_ghz=150.0, groups=(group,))
        for name, fibre in (("a", 0), ("b", 1), ("c", 2))
    ]
    lit = {0: 1, 1: 1, 2: 1}
    result = assign(requests, lit, Band(start_ghz=191_300.0, slots=24))
    assert [placement.first_slot for placement in result.placed] == [0, 12]
    assert [(left.name, left.why) for left in result.unplaced] == [("c", "contention")]
    stands = assign(requests, lit, Band(start_ghz=191_300.0, slots=24), groups={group: 0xFFF})
    assert [placement.first_slot for placement in stands.placed] == [12]
