from arterial.report.backdrop import backdrop, places


def test_the_backdrop_says_where_it_comes_from_and_lies_on_its_sheet():
    ground = backdrop()
    assert "public domain" in ground.source
    for line in (*ground.land, *ground.lakes, *ground.states, *ground.borders):
        assert len(places(line)) >= 2
        assert all(17.0 <= lat <= 56.0 and -135.0 <= lon <= -55.0 for lat, lon in places(line))


def test_the_line_between_utah_and_arizona_runs_along_37_north():
    corner = (37.0, -109.05)  # where four states meet
    near = [
        place
        for line in backdrop().states
        for place in places(line)
        if abs(place[0] - corner[0]) < 0.1 and abs(place[1] - corner[1]) < 0.1
    ]
    assert near
