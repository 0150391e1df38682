import pytest

from arterial.errors import ModelError
from arterial.model.imports.sndlib_native import read_native
from arterial.model.imports.sndlib_xml import read_xml

XML = """<?xml version="1.0" encoding="ISO-8859-1"?>
<network xmlns="http://sndlib.zib.de/network" version="1.0">
<meta><granularity>5min</granularity><unit>MBITPERSEC</unit></meta>
<networkStructure>
<nodes coordinatesType="geographical">
<node id="Ash"><coordinates><x>10.5</x><y>59.9</y></coordinates></node>
<node id="Birch"><coordinates><x>10.4</x><y>63.4</y></coordinates></node>
</nodes>
<links>
<link id="L1"><source>Ash</source><target>Birch</target>
<preInstalledModule><capacity>4.0</capacity><cost>1.0</cost></preInstalledModule>
<routingCost>2.0</routingCost><setupCost>3.0</setupCost>
<additionalModules>
<addModule><capacity>10.0</capacity><cost>7.0</cost></addModule>
<addModule><capacity>40.0</capacity><cost>21.0</cost></addModule>
</additionalModules></link>
</links>
</networkStructure>
<demands>
<demand id="D1"><source>Ash</source><target>Birch</target><routingUnit>2</routingUnit>
<demandValue>5.0</demandValue>
<admissiblePaths><admissiblePath id="P0"><linkId>L1</linkId></admissiblePath></admissiblePaths>
</demand>
<demand id="D2"><source>Birch</source><target>Ash</target><demandValue>7.0</demandValue>
<maxPathLength>3</maxPathLength></demand>
</demands>
</network>
"""
NATIVE = """?SNDlib native format; type: network; version: 1.0
META ( unit = MBITPERSEC )
NODES ( Ash ( 10.5 59.9 ) Birch ( 10.4 63.4 ) )
LINKS ( L1 ( Ash Birch ) 4 1 2 3 ( 10 7 40 21 ) )
DEMANDS ( D1 ( Ash Birch ) 2 5 UNLIMITED D2 ( Birch Ash ) 1 7 3 )
ADMISSIBLE_PATHS ( D1 ( P0 ( L1 ) ) )
"""


def written(tmp_path, content, name="toy.xml"):
    path = tmp_path / name
    path.write_bytes(content.encode("latin-1"))
    return path


def unlined(items):
    return [
        [getattr(one, name) for name in one.__struct_fields__ if name != "line"] for one in items
    ]


def test_xml_says_what_the_native_text_says(tmp_path):
    one = read_xml(written(tmp_path, XML))
    other = read_native(written(tmp_path, NATIVE, "toy.txt"))
    for section in ("nodes", "links", "demands"):
        assert unlined(getattr(one, section)) == unlined(getattr(other, section))
    assert (one.restricted, one.unit, one.pixels) == (other.restricted, other.unit, other.pixels)


def test_letters_beyond_ascii_are_read_as_the_file_declares_them(tmp_path):
    file = read_xml(written(tmp_path, XML.replace("Birch", "M\xfcnchen")))
    assert file.nodes[1].name == "M\xfcnchen"


def test_pixels_are_told_apart(tmp_path):
    assert read_xml(written(tmp_path, XML.replace("geographical", "pixel"))).pixels


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<network ", "<!DOCTYPE network [<!ENTITY a 'b'>]><network ", "a DOCTYPE"),
        ("</network>", "", "not XML"),
        ("<target>Birch</target>\n<pre", "<pre", "'L1' has no <target>"),
        ("<demandValue>5.0</demandValue>", "", "'D1' has no <demandValue>"),
        ("5.0", "NaN", "<demandValue> of 'D1' is 'NaN'"),
        ("<capacity>4.0", "<capacity>-4.0", "<capacity> of 'L1' is '-4.0'"),
        ('<node id="Ash">', "<node>", "a node without id"),
        ('id="Birch"', 'id="Ash"', "a second node is called 'Ash'"),
        ("<source>Birch", "<source>Beech", "'Beech', which is no node"),
        ("<routingUnit>2", "<routingUnit>", "<routingUnit> of 'D1' is ''"),
    ],
)
def test_what_is_no_sound_network_is_told_with_its_line(tmp_path, old, new, words):
    assert old in XML
    with pytest.raises(ModelError) as told:
        read_xml(written(tmp_path, XML.replace(old, new)))
    (problem,) = told.value.problems
    assert words in problem.found
    assert problem.line
