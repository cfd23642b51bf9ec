"""Which English and German words are a number, a date, a “no”, or nobody's name."""

from collections.abc import Iterable


def _list(words: str) -> list[str]:
    return words.split()


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _spelt(table: dict[str, str]) -> dict[str, str]:
    """Each word of the table's right side to its name on the left."""
    return {word: name for name, words in table.items() for word in words.split()}


# --- Numbers ----------------------------------------------------------------------------------

_UNITS = _list(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen"
)
_TENS = _list("twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINALS = _list(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_ORDINAL_TENS = [tens[:-1] + "ieth" for tens in _TENS]
# “ein” is the article as well, so that it is a number only within “einundzwanzig”.
_GERMAN_UNITS = _list(
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn"
    " fünfzehn sechzehn siebzehn achtzehn neunzehn"
)
_GERMAN_TENS = _list("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
_GERMAN_ORDINALS = _list(
    "erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte"
)


def _nth(number: int) -> str:
    teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _figures() -> dict[str, str]:
    found = {word: str(n) for words in (_UNITS, _GERMAN_UNITS) for n, word in enumerate(words)}
    found |= {word: _nth(n) for n, word in enumerate(_ORDINALS, 1)}
    for n, word in enumerate(_GERMAN_ORDINALS, 1):
        found |= {word + ending: _nth(n) for ending in ("", "n", "r", "s", "m")}
    for n, word in enumerate(("", "ein", *_GERMAN_UNITS[2:])):
        if word:
            found |= {f"{word}hundert": f"{n}00", f"{word}tausend": f"{n}000"}
    for ten, (tens, tenth, zig) in enumerate(
        zip(_TENS, _ORDINAL_TENS, _GERMAN_TENS, strict=True), 2
    ):
        found |= {tens: f"{ten}0", tenth: f"{ten}0th", zig: f"{ten}0"}
        for unit in range(1, 10):
            number = 10 * ten + unit
            found[f"{tens}-{_UNITS[unit]}"] = str(number)
            found[f"{tens}-{_ORDINALS[unit - 1]}"] = _nth(number)
            found[f"{'ein' if unit == 1 else _GERMAN_UNITS[unit]}und{zig}"] = str(number)
    return found


# A word and the figures that say the same: “seven” is “7”, “second” is “2nd”.
FIGURES = _figures()
# What multiplies the number before it.
SCALES = {
    **dict.fromkeys(_list("hundred hundert"), 10**2),
    **dict.fromkeys(_list("thousand tausend"), 10**3),
    **dict.fromkeys(_list("lakh lakhs"), 10**5),
    **dict.fromkeys(_list("million millionen mio"), 10**6),
    **dict.fromkeys(_list("crore crores"), 10**7),
    **dict.fromkeys(_list("billion bn milliarde milliarden mrd"), 10**9),
    **dict.fromkeys(_list("trillion tn billionen"), 10**12),
}
# What says how many in no figures.
AMOUNTS = _set(
    "dozen dozens hundreds thousands millions billions half halves quarter quarters thirds"
    " fourths fifths sixths sevenths eighths ninths tenths hundredth thousandth once twice"
    " thrice both single double doubled doubles triple tripled trebled quadrupled twofold"
    " threefold tenfold couple pair dutzend hunderte tausende hälfte halb halbe halben viertel"
    " drittel fünftel zehntel beide doppelt dreifach einmal zweimal dreimal"
)


# What a number counts: another unit makes it another number.
MEASURES = _spelt({
    "percent": "% percent prozent", "percentage": "percentage prozentpunkte",
    "point": "point points punkt punkte", "dollar": "$ dollar dollars", "euro": "€ euro euros",
    "pound": "£ pound pounds pfund", "yen": "¥ yen", "rupee": "₹ rupee rupees",
    "cent": "cent cents", "franc": "franc francs franken", "crown": "crown crowns kronen",
    "km": "km kilometre kilometres kilometer kilometers", "m": "m metre metres meter meters",
    "mile": "mile miles meile meilen", "foot": "ft foot feet", "inch": "inch inches",
    "cm": "cm centimetre centimetres", "mm": "mm millimetre millimetres",
    "kg": "kg kilo kilos kilogram kilograms kilogramm", "ton": "ton tons",
    "tonne": "tonne tonnes tonnen", "gram": "g gram grams gramm",
    "litre": "litre litres liter liters", "acre": "acre acres",
    "hectare": "ha hectare hectares hektar", "celsius": "c celsius", "fahrenheit": "f fahrenheit",
    "kw": "kw kilowatt kilowatts", "mw": "mw megawatt megawatts", "gw": "gw gigawatt gigawatts",
})  # fmt: skip

# --- Dates ------------------------------------------------------------------------------------

# Written with a capital, and so no “may” or “march”.
MONTHS = _spelt({
    "january": "january jan januar jänner", "february": "february feb februar",
    "march": "march mar märz", "april": "april apr", "may": "may mai", "june": "june jun juni",
    "july": "july jul juli", "august": "august aug", "september": "september sept sep",
    "october": "october oct oktober", "november": "november nov",
    "december": "december dec dezember",
})  # fmt: skip
WEEKDAYS = _spelt({
    "monday": "monday mon montag", "tuesday": "tuesday tue tues dienstag",
    "wednesday": "wednesday wed mittwoch", "thursday": "thursday thu thur thurs donnerstag",
    "friday": "friday fri freitag", "saturday": "saturday sat samstag sonnabend",
    "sunday": "sunday sun sonntag",
})  # fmt: skip
# Names and words too, so that they are dates only beside a number.
UNSURE_DATES = _set("sat sun wed mar jan")
MOMENTS = _set(
    "yesterday today tomorrow tonight overnight noon midnight midday dawn dusk morning mornings"
    " afternoon evening evenings night nights spring summer autumn winter christmas easter eid"
    " diwali fortnight weekend ago before after since until till immediately gestern heute"
    " vorgestern übermorgen morgens mittags abends nachts mittag mitternacht vormittag nachmittag"
    " abend nacht frühling frühjahr sommer herbst wochenende weihnachten ostern seit sofort"
)
DECADES = _set(
    "twenties thirties forties fifties sixties seventies eighties nineties zwanziger dreißiger"
    " vierziger fünfziger sechziger siebziger achtziger neunziger"
)
SPANS = _spelt({
    "second": "seconds sekunden", "minute": "minute minutes minuten", "hour": "hour hours stunden",
    "day": "day days tag tage tagen", "week": "week weeks woche wochen",
    "month": "month months monat monate monaten", "year": "year years jahr jahre jahren",
    "decade": "decade decades jahrzehnt jahrzehnte", "century": "century centuries jahrhundert",
})  # fmt: skip
# “Last” is a date before “week” only.
BESIDE_A_DATE = _set(
    "last next this past previous coming following earlier later early late every each"
    " letzte letzten letzter nächste nächsten nächster kommende kommenden"
)
CLOCK = _set("am pm o'clock uhr gmt utc noon midnight")

# --- Negation ---------------------------------------------------------------------------------

_FORGOTTEN_APOSTROPHE = (
    "dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt couldnt shouldnt wouldnt"
)
NEGATIONS = _spelt({
    "not": f"not cannot n't nicht {_FORGOTTEN_APOSTROPHE}", "never": "never nie niemals",
    "no": "no kein keine keinen keinem keiner keines", "without": "without ohne", "none": "none",
    "nobody": "nobody no-one niemand niemanden niemandem", "nothing": "nothing nichts",
    "nowhere": "nowhere nirgends", "neither": "neither weder", "nor": "nor",
    "hardly": "hardly barely scarcely kaum", "non": "non",
    # Without these somebody is a thief.
    "alleged": "alleged allegedly suspected reportedly mutmaßlich mutmaßliche angeblich",
})  # fmt: skip
# Each turned into the other turns what is said. One side stands before the slash.
_OPPOSITES = """
    denied denies deny denying rejected dismissed/confirmed confirms confirm confirming admitted
    guilty convicted/innocent acquitted cleared accused charged suspected alleged
    failed fails fail/managed manages manage succeeded
    alive survived/dead died killed
    approved accepted ratified passed adopted upheld backed/rejected vetoed blocked overturned
    won win wins victory/lost lose loses defeat
    rose rise rises risen rising increase increased increases gained up higher more above
    /fell fall falls fallen falling decrease decreased decreases dropped down lower less fewer below
    with/without
    agreed agrees agree continued continues continue/refused refuses refuse stopped stops stop
    able/unable
    for supported supports support in-favour/against opposed opposes oppose
    opened opens open opening started starts began joined joins/closed closes ended ends
    allowed allows permitted permits legal/banned bans forbidden prohibited prohibits
    all always every everyone everything many most/some sometimes few nobody nothing
    first best largest biggest most highest oldest/last worst smallest least lowest youngest
    must will shall/may might could
    east eastern/west western
    north northern/south southern
    left/right
    stieg gestiegen mehr/fiel gefallen sank gesunken weniger
    bestätigte bestätigt/bestritt bestritten dementierte
    schuldig/unschuldig
    angenommen/abgelehnt
    dafür/dagegen
"""
PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non", "non-", "mis")


def _both_ways(table: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in table.strip().replace("\n    /", "/").split("\n"):
        one, other = (frozenset(side.split()) for side in line.split("/"))
        found |= {word: found.get(word, frozenset()) | other for word in one}
        found |= {word: found.get(word, frozenset()) | one for word in other}
    return found


OPPOSITES = _both_ways(_OPPOSITES)

# --- Names ------------------------------------------------------------------------------------

# Of a name, where one follows: “Pieter van Drell”.
PARTICLES = _set("van von de di da del della dos du le la al el bin ibn ter ten zu af av vom")
PRONOUNS = _spelt({"he": "he him his himself", "she": "she her hers herself"})
# Never a name by their capital.
NO_NAMES = _set("i i'm i'll i've i'd ok tv")
# What may begin a sentence, and is nobody's name then.
COMMON = _set(
    "a about above according across after again all almost along already also although among an"
    " and another any anyone are around as at away be because been before behind being"
    " below between both but by can children could crews did do does during each early either"
    " even ever every everyone everything experts families few firms for former from"
    " had has have he help her here his how however if in inside instead into is it its"
    " just last later less local many meanwhile men might more most much must near"
    " nearly neither never new next no nobody none nor not nothing now of off officers on once"
    " one only or other others our out outside over owners parents people perhaps police"
    " pupils quite rather researchers schools several she should since so some"
    " someone soon staff still such than that the their them then there these they this"
    " those though through thus to today together too two under until up upon very voters"
    " was we were what when where whether which while who whose why with within without"
    " women workers would yes yet you your"
    " aber alle als am an auch auf aus bei beide da damit dann das dass dem den denn der des die"
    " diese dieser dieses doch dort durch ein eine einem einen einer er es etwa für gegen hier"
    " ihr ihre im in jede jetzt jemand kein keine man mehr mit nach nicht noch nun nur ob oder"
    " ohne rund seit sein sich sie sind so trotz um und unter viele vom von vor war was wegen"
    " weil wenn wer wie wir wird wo wurde zu zum zur zwei zwischen über"
)
# A long word that ends so is seldom a name: “Officials said …”.
COMMON_ENDINGS = _list(
    "als ants ents ers ors ists ings ing ion ions ment ments ness ity ities ally ous ive able"
    " ible ship ians ures ages ed"
)
GERMAN_NOUN_ENDINGS = _list(
    "ung ungen heit keit schaft tion tät tum nis ling chen lein erei ismus euer ause"
)
ARTICLES = _set(
    "der die das dem den des ein eine einem einen einer eines im am zum zur vom beim ins"
    " kein keine keinen seine ihre ihr sein diese dieser dieses viele mehrere alle"
)
# Two of these in a paragraph, and it is in German.
GERMAN = ARTICLES - {"die", "am"} | _set(
    "und nicht ist von mit für auf sich wurde wird hat haben war sind bei nach über als auch"
    " wir sie er es dass sagte seit noch nur mehr werden worden kann soll haben hatte waren aus"
    " vor bis durch gegen oder aber wenn um wieder nun"
)

# --- Speech -----------------------------------------------------------------------------------

SPEECH = _set(
    "said says say saying told tells asked asks added adds according wrote writes insisted"
    " replied replies admitted argued warned claimed explained recalled announced declared called"
    " calls tweeted posted stated testified shouted whispered joked cried repeated conceded sagte"
    " sagt sagten erklärte betonte meinte fragte antwortete schrieb rief laut zufolge"
)


def is_long_with(word: str, endings: Iterable[str]) -> bool:
    """Whether the word has eight letters or more and one of the endings."""
    return len(word) >= 8 and word.endswith(tuple(endings))
