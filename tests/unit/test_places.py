"""The municipalities of North Karelia as people write them, and the words that only look like them."""

import time
from collections.abc import Mapping

import pytest

from knowledge.load import load_content
from knowledge.model import Municipality
from knowledge.places import find_municipalities

MUNICIPALITIES: Mapping[str, Municipality] = load_content().municipalities

FORMS = {
    "joensuu": "Joensuu Joensuussa Joensuuhun Joensuusta Joensuun Joensuuta Joensuulla Joensuulle Joensuulta Joensuuksi",
    "liperi": "Liperi Liperissä Liperiin Liperistä Liperin Liperiä Liperillä Liperille Liperiltä",
    "kontiolahti": "Kontiolahti Kontiolahdella Kontiolahdelle Kontiolahdelta Kontiolahden Kontiolahtea Kontiolahteen "
    "Kontiolahdessa Kontiolahdesta",
    "nurmes": "Nurmes Nurmeksessa Nurmekseen Nurmeksesta Nurmeksen Nurmesta Nurmeksella Nurmekselle Nurmekselta",
    "juuka": "Juuka Juuassa Juukaan Juuasta Juuan Juukaa Juualla Juualle Juualta Juukana",
    "kitee": "Kitee Kiteellä Kiteelle Kiteeltä Kiteen Kiteetä Kiteessä Kiteeseen Kiteestä",
    "outokumpu": "Outokumpu Outokummussa Outokumpuun Outokummusta Outokummun Outokumpua Outokummulla Outokummulle Outokummulta",
    "lieksa": "Lieksa Lieksassa Lieksaan Lieksasta Lieksan Lieksaa Lieksalla Lieksalle Lieksalta",
    "tohmajarvi": "Tohmajärvi Tohmajärvellä Tohmajärvelle Tohmajärveltä Tohmajärven Tohmajärveä Tohmajärvessä Tohmajärveen",
    "ilomantsi": "Ilomantsi Ilomantsissa Ilomantsiin Ilomantsista Ilomantsin Ilomantsia Ilomantsilla Ilomantsille Ilomantsilta",
    "polvijarvi": "Polvijärvi Polvijärvellä Polvijärvelle Polvijärveltä Polvijärven Polvijärveä Polvijärvessä Polvijärveen",
    "raakkyla": "Rääkkylä Rääkkylässä Rääkkylään Rääkkylästä Rääkkylän Rääkkylää Rääkkylällä Rääkkylälle Rääkkylältä",
    "heinavesi": "Heinävesi Heinävedellä Heinävedelle Heinävedeltä Heinäveden Heinävettä Heinävedessä Heinäveteen Heinävedestä",
}
"""The nominative, inner and outer local cases, genitive and partitive (and a few more) of each name."""

SPOKEN = {
    "joensuu": "joensuus joensuust joensuulaiset Joensuussakin Joensuuko joensuussahan joensuumme joensuussamme Joensuu's",
    "liperi": "liperis liperist liperissäkin liperiläisille Libelits",
    "kontiolahti": "kontiolahel kontiolahella kontiolahelle kontiolahdel Kontiolax",
    "nurmes": "nurmekses nurmeksest nurmessa nurmeslainen nurmekseenkö",
    "juuka": "juuas juuast juukalainen juukaanko juuassakaan",
    "kitee": "kiteel kiteelt kiteelläkin kiteeläinen kiteelläkö",
    "outokumpu": "outokummus outokummust outokumpulaiset",
    "lieksa": "lieksas lieksast lieksalaisia lieksaanpa",
    "tohmajarvi": "tohmajärvel tohmajärvelt tohmajärveläinen",
    "ilomantsi": "ilomantsis ilomantsist Ilomants ilomantsilaisen",
    "polvijarvi": "polvijärvel polvijärvellähän",
    "raakkyla": "rääkkyläs rääkkyläst rääkkyläläiset",
    "heinavesi": "heinävedel heinävedelt heinäveteläinen",
}

SLIPS = {
    "joensuu": "joesuussa joensuusa joensussa joennsuu joenssuu yoensuu jonsuu joensu joensuissa jeonsuu joensuuhu joensussa",
    "liperi": "lipperi liperri lipperissä liprei liperisä lieperi",
    "kontiolahti": "kontilahti kontiolati kontiolahdela kontiolathi kontiolahtii kontijolahti kontiolahteeen",
    "nurmes": "nurmmes nurmekesssa nurmeksesa nurmekesessa nummekseen nrumes",
    "outokumpu": "outukumpu outokumpo otokumpu outokumussa outokumppu outokummpu outokumpuu",
    "lieksa": "liekssa lieeksa lieksasa liekksa",
    "tohmajarvi": "tohmajarv thomajärvi tohmajärvela tohmäjarvi tohmajervi",
    "ilomantsi": "ilomansi ilomanti ilomatsi illomantsi ilomantssi ilomantsisa",
    "polvijarvi": "polvjärvi polvijarvela polvijävi polvijrävi",
    "raakkyla": "rääkylä raakyla rääkyla rääkkylla rakkylä",
    "heinavesi": "heinvesi heinavessi heinävedela henävesi hienävesi",
}

SENTENCES = [
    ("Asun Kiteellä ja käyn töissä Joensuussa", ["kitee", "joensuu"]),
    ("I live in Kitee", ["kitee"]),
    ("we will move to Nurmes next month", ["nurmes"]),
    ("from Lieksa to Joensuu by bus, then back to Lieksa", ["lieksa", "joensuu"]),
    ("JOENSUU", ["joensuu"]),
    ("Joensuu/Liperi/Kontiolahti", ["joensuu", "liperi", "kontiolahti"]),
    ("Joensuu:ssa", ["joensuu"]),
    ("Jag bor i Libelits, inte i Kontiolax", ["liperi", "kontiolahti"]),
    ("we are in Tohmajarvi near the border", ["tohmajarvi"]),
    ("muutan raakkylasta heinavedelle", ["raakkyla", "heinavesi"]),
    ("is Outokumpu's school in English", ["outokumpu"]),
    ("vivo en Polvijärvi", ["polvijarvi"]),
    ("Я живу в Йоэнсуу", ["joensuu"]),
    ("живу в Китее, работаю в Лиексе", ["kitee", "lieksa"]),
    ("переезжаем из Нурмеса в Липери", ["nurmes", "liperi"]),
    ("Контиолахти или Оутокумпу?", ["kontiolahti", "outokumpu"]),
    ("в Иломантси и в Юуке", ["ilomantsi", "juuka"]),
    ("Тохмаярви, Полвиярви, Ряаккюля, Хейнявеси", ["tohmajarvi", "polvijarvi", "raakkyla", "heinavesi"]),
    ("мешкаю в Йоенсуу, потім Лієкса", ["joensuu", "lieksa"]),
    ("أسكن في يوينسو", ["joensuu"]),
    ("انتقلت من كيتي إلى ليكسا", ["kitee", "lieksa"]),
    ("السكن بيوينسو وبنورميس", ["joensuu", "nurmes"]),
    ("من در یوئنسو زندگی می‌کنم", ["joensuu"]),
    ("أوتوكومبو أو إيلومانتسي", ["outokumpu", "ilomantsi"]),
    ("我住在约恩苏附近", ["joensuu"]),
    ("我住在Joensuu附近，在Kitee工作", ["joensuu", "kitee"]),
    ("ฉันอยู่ที่โยเอนซู", ["joensuu"]),
]

NONE = """
Juuri muutin Suomeen
juurikaan en tiedä
kiitos avusta
kiitti paljon
kitara on rikki
nurmi on vihreä
nurmella istutaan
leikkaan nurmen ja nurmea on paljon
nurmelle ei saa mennä
nurmet kasvavat
nurmikko
lieska nousi katolle
lieskat
lieksu
liksa maksetaan tilille
Liberia is a country
I come from Liberia and my wife too
Siperia opettaa
Siperiassa on kylmä
viperin
piperiini
lipeää ja lipeissä
liiteri on täynnä puita
nurses are needed
the nurse said no
norms and rules
kitten for sale
kite flying in the park
saako juua vettä hanasta
juuaan kahvia
en jaksa juosta
jouluna suljettu
joensivu
joki on jäässä
joelle
outoa
kumpu on mäki
lahdella tuulee
Lahti on kaukana
asun Lahdessa
järvellä kalastetaan
polvi on kipeä
polvijarru
heinäkuussa haen lupaa
heinää hevoselle
vesi on kallista
vettä ei tule
rääkkyä
rääkkyvä varis
ilo ja suru
ilmoittaudun kurssille
mantsi
asun Kuopiossa
Helsinkiin
Savonlinna ja Mikkeli
Lappeenrannassa
Eno on setäni
San Juan
Kirkkonummella
Nurmijärvellä on koti
Nurmijärvi
Juankoski
Liminka
Kiteisyys
lumikiteet ja jääkiteitä
Lieto
Joutsa
where can I find a job
how to apply for a residence permit
lideri
normes de travail
как получить вид на жительство
живу в Куопио
нурсы
йога для всех
китайский язык
липа цветёт
кита не видел
أريد تصريح إقامة
كيتو دايت
我想申请居留许可
ฉันต้องการความช่วยเหลือ
12345 !!! ???
""".strip().splitlines()


def rows(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, word) for name, words in table.items() for word in words.split()]


@pytest.mark.parametrize(("name", "word"), rows(FORMS))
def test_cases_with_and_without_umlauts(name: str, word: str) -> None:
    for written in (word, word.lower(), word.upper(), word.replace("ä", "a"), f"asun nyt {word}, entä sitten?"):
        assert find_municipalities(written, MUNICIPALITIES) == [name]


@pytest.mark.parametrize(("name", "word"), rows(SPOKEN))
def test_spoken_derived_and_swedish_forms(name: str, word: str) -> None:
    assert find_municipalities(word, MUNICIPALITIES) == [name]


@pytest.mark.parametrize(("name", "word"), rows(SLIPS))
def test_one_slip_is_forgiven(name: str, word: str) -> None:
    assert find_municipalities(word, MUNICIPALITIES) == [name]


@pytest.mark.parametrize("preposition", ["in", "to", "from", "near", "i", "en", "в"])
@pytest.mark.parametrize("name", MUNICIPALITIES)
def test_names_after_prepositions(name: str, preposition: str) -> None:
    assert find_municipalities(f"{preposition} {MUNICIPALITIES[name].name['fi']}", MUNICIPALITIES) == [name]


@pytest.mark.parametrize(("text", "names"), SENTENCES)
def test_order_of_mention(text: str, names: list[str]) -> None:
    assert find_municipalities(text, MUNICIPALITIES) == names


@pytest.mark.parametrize("text", NONE)
def test_other_words_name_nothing(text: str) -> None:
    assert find_municipalities(text, MUNICIPALITIES) == []


@pytest.mark.parametrize("name", MUNICIPALITIES)
def test_every_stem_and_spelling_is_found(name: str) -> None:
    place = MUNICIPALITIES[name]
    assert place.other_spellings
    for spelling in (*place.name.values(), *place.other_spellings):
        assert find_municipalities(spelling, MUNICIPALITIES) == [name]


def test_a_long_message_is_fast() -> None:
    text = ("asumme perheen kanssa maaseudulla ja haluaisimme muuttaa lähemmäs keskustaa " * 30)[:2000]
    find_municipalities(text, MUNICIPALITIES)
    started = time.perf_counter()
    find_municipalities(text, MUNICIPALITIES)
    assert time.perf_counter() - started < 0.1
