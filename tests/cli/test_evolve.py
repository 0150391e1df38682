def test_a_network_without_phases_exits_2_and_says_what_to_do(arterial, changed_drill):
    folder = changed_drill("network.yaml", "\nphases:\n", "\nworkloads_of_later:\n")
    text = (folder / "network.yaml").read_text(encoding="utf-8")
    start, end = text.index("\nworkloads_of_later:"), text.index("\nnotes:")
    (folder / "network.yaml").write_text(text[:start] + text[end:], encoding="utf-8")
    done = arterial("evolve", folder, "-o", "out")
    assert done.returncode == 2
    assert "there is no phase" in done.stderr
    assert "Add phases: each has a name, a year and a load" in done.stderr


def test_contradictions_are_told_all_at_once(arterial, changed_drill):
    changed_drill("network.yaml", "year: 2031", "year: 2028")
    folder = changed_drill("network.yaml", "also: [heavy]", "also: [heavie]")
    done = arterial("evolve", folder, "-o", "out")
    assert done.returncode == 2
    assert "2028 does not come after 2029 of 'grow'" in done.stderr
    assert "no load is called 'heavie'. Did you mean 'heavy'?" in done.stderr
