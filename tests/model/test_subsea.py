import pytest

SYSTEM = "subsea: [{name: Lake, gsnr_db: 24, baud_gbd: 118, cd_ps_nm: 5000, pmd_ps: 2%s}]"


def wet(drill, more="", system="Lake"):
    text = (drill.path / "fibres.csv").read_text(encoding="utf-8").splitlines()
    header, *rows = text
    rows = [f"{row},{'yes,' + system if row.startswith('Fir-Juniper') else ','}" for row in rows]
    lines = "\n".join([f"{header},subsea,system", *rows])
    (drill.path / "fibres.csv").write_text(lines + "\n", encoding="utf-8")
    drill.append("network.yaml", f"\n{SYSTEM % more}\n")


def test_a_wet_fibre_names_its_system(drill):
    wet(drill)
    network = drill.load()
    (fibre,) = [fibre for fibre in network.fibres if fibre.subsea]
    assert fibre.system == network.subsea[0].name == "Lake"
    assert fibre.described


@pytest.mark.parametrize(
    ("more", "system", "said"),
    [
        ("", "Lakes", "no subsea system is called 'Lakes'"),
        (", modes: [400 ULH QPSKK]", "Lake", "no pluggable mode is called '400 ULH QPSKK'"),
        (", f_min_thz: 196, f_max_thz: 192", "Lake", "the band ends at 192 THz"),
    ],
)
def test_a_wrong_system_is_told(drill, more, system, said):
    wet(drill, more, system)
    assert any(said in problem.found for problem in drill.problems())


def test_a_system_on_land_is_told(drill):
    wet(drill)
    drill.replace("fibres.csv", "yes,Lake", "no,Lake")
    assert any("is not subsea" in problem.found for problem in drill.problems())
