"""Makes cases.tsv.gz again: `pip install biip==5.2.0`, then `python make.py` in this folder; the same bytes each time.

A line is a year, how it is read (s: as scanned, h: in brackets, or a country of in-store labels), the text, the elements
that biip finds, its GTIN, and its in-store measure. Elements have ^ between them: identifier, =, data, then ~ and the day
or number that biip makes of it, or ~! for a wrong check digit.
"""

import datetime as dt
import gzip
import random
import types
from urllib.parse import quote

import biip
from biip import gs1_element_strings as element_strings
from biip.checksums import gs1_price_weight_check_digit, gs1_standard_check_digit
from biip.gs1_application_identifiers import _GS1_APPLICATION_IDENTIFIERS as IDENTIFIERS
from biip.gs1_messages import GS1Message
from biip.rcn import _RCN_RULES, RcnRegion

rng = random.Random(20261128)
GS = "\x1d"
SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ-/"
YEARS = [2026] * 8 + [1999, 2049, 2050, 2051, 2099]
# What the store reads itself, so it comes more often than the rest.
READ = ["00", "02", "10", "10", "11", "13", "15", "15", "16", "17", "17", "21", "21", "30", "37"]


def digits(count):
    return "".join(rng.choice("0123456789") for _ in range(count))


def checked(count):
    body = digits(count - 1)
    return f"{body}{gs1_standard_check_digit(body)}"


def text(most, letters=None):
    letters = letters or rng.choice([SET_82, LETTERS, LETTERS])
    return "".join(rng.choice(letters) for _ in range(rng.choice([1, most, rng.randint(1, most)])))


def date():
    month = rng.randint(1, 12)
    return f"{rng.randint(0, 99):02}{month:02}{rng.choice([0, 1, 15, 28, rng.randint(1, 28)]):02}"


def bad_date():
    return rng.choice(["261301", "260001", "260000", "260231", "000000", "991232", "26043", "250229", "260431", "26AB01"])


def data(ai):
    """Data of the right form."""
    if ai in ("00", "8017", "8018"):
        return checked(18)
    if ai in ("01", "02", "03"):
        return checked(14)
    if ai[:2] == "41":
        return checked(13)
    if ai in ("11", "12", "13", "15", "16", "17", "4326", "7006"):
        return date()
    form = IDENTIFIERS[ai].format.split("+")[1:]
    if ai in ("253", "255"):
        return checked(13) + (text(12, "0123456789") if rng.random() < 0.5 else "")
    if ai == "402":
        return checked(17)
    if ai == "8003":
        return "0" + checked(13) + rng.choice(["", text(16)])
    if ai in ("8006", "8026"):
        return checked(14) + digits(4)
    if ai in ("4324", "4325", "7003"):
        return date() + f"{rng.randint(0, 23):02}{rng.randint(0, 59):02}"
    if ai == "7007":
        return date() + rng.choice(["", date()])
    if ai == "7011":
        return date() + rng.choice(["", "1030"])
    if ai == "8008":
        return date() + rng.choice(["12", "1230", "123059"])
    if ai == "7250":
        return "20" + date()[:4] + "15"
    if ai == "7251":
        return "20" + date()[:4] + "151030"
    if ai == "7258":
        return f"{digits(1)}/{digits(1)}"
    if ai[:3] == "432" and ai in ("4321", "4322", "4323"):
        return rng.choice("01")
    if ai[:3] == "433":
        return digits(6) + rng.choice(["", "-"])
    if ai == "8043":
        return digits(rng.choice([18, 19, 20]))
    if ai in ("4307", "4317"):
        return rng.choice(["DE", "GB", "US"])
    if ai in ("423", "425"):
        return digits(3 * rng.randint(1, 5))
    if ai == "8010":
        return "".join(rng.choice("#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(rng.randint(5, 30)))
    if ai == "8030":
        return "".join(rng.choice("0189AZaz-_") for _ in range(rng.randint(1, 90)))
    if ai[:3] in ("392", "393") and rng.random() < 0.9:
        # An amount that can be: few have 15 digits.
        return ("" if ai[2] == "2" else rng.choice(["978", "840", "392"])) + digits(rng.randint(max(1, int(ai[3])), 9))
    parts = []
    for piece in form:
        piece = piece.strip("[]")
        kind, size = piece[0], piece[1:]
        most = int(size.removeprefix(".."))
        if size.startswith(".."):
            parts.append(text(most, "0123456789" if kind == "N" else None))
        else:
            parts.append(digits(most) if kind == "N" else "".join(rng.choice(LETTERS) for _ in range(most)))
    return "".join(parts)


def identifier():
    draw = rng.random()
    if draw < 0.55:
        return rng.choice(READ)
    if draw < 0.7:
        return f"{rng.choice(['310', '310', '392', '393'])}{rng.randint(0, 5)}"
    if draw < 0.78:
        return f"41{rng.randint(0, 7)}"
    return rng.choice(list(IDENTIFIERS))


def elements():
    """Elements of one label, each identifier once, mostly with an item first."""
    found = {"01": checked(14)} if rng.random() < 0.8 else {}
    for _ in range(rng.choice([0, 1, 1, 2, 2, 3, 4])):
        ai = identifier()
        # One weight and one amount: two of them are two answers to one question.
        if all(known[:2] != ai[:2] or known[:2] not in ("31", "39") for known in found):
            found.setdefault(ai, data(ai))
    return list(found.items()) or [("01", checked(14))]


def spoilt(found):
    """Elements of which one has something wrong."""
    found = list(found)
    at = rng.randrange(len(found))
    ai, value = found[at]
    draw = rng.randrange(9)
    if draw == 0:
        keyed = [i for i, (ai, _) in enumerate(found) if ai in ("00", "01", "02") or ai[:2] == "41"]
        if keyed:
            at = rng.choice(keyed)
            ai, value = found[at]
            found[at] = (ai, value[:-1] + str((int(value[-1]) + rng.randint(1, 9)) % 10))
    elif draw == 1:
        found.insert(at, (rng.choice(["11", "13", "15", "16", "17", "12"]), bad_date()))
    elif draw == 2:
        found[at] = (ai, value[: rng.randrange(len(value))])
    elif draw == 3:
        found.insert(at, (rng.choice(["04", "14", "18", "19", "23", "38", "3106", "3170", "418", "45", "5", "7043", "88"]), text(8)))
    elif draw == 4:
        place = rng.randrange(len(value))
        found[at] = (ai, value[:place] + rng.choice("#$@[]^`{}|~ é") + value[place + 1 :])
    elif draw == 5:
        found[at] = (ai, value + digits(rng.randint(1, 30)))
    elif draw == 6:
        found.append((ai, data(ai)))
    elif draw == 7:
        found[at] = (ai, rng.choice("ABCxyz") + value[1:])
    else:
        found.append((ai, value))
    return found


def separated(found, keep=1.0, extra=0.0):
    """What a scanner sends: separators kept, or added where none is needed, by chance."""
    parts = []
    for place, (ai, value) in enumerate(found):
        known = IDENTIFIERS.get(ai)
        last = place == len(found) - 1
        needed = (known is None or known.separator_required) and not last
        end = GS if (needed and rng.random() < keep) or rng.random() < extra else ""
        parts.append(f"{ai}{value}{end}")
    return "".join(parts)


def bracketed(found):
    gap = rng.choice(["", "", " "])
    return gap.join(f"({ai}){gap}{value}" for ai, value in found)


def scanned():
    for _ in range(3200):
        yield rng.choice(["]C1", "]C1", "]d2", "]Q3", "]e0"]) + separated(elements(), extra=0.05)
    for _ in range(10):
        yield "]J1" + separated(elements())
    for _ in range(500):
        yield GS + separated(elements())
    for _ in range(700):
        yield separated(elements())
    for _ in range(2300):
        yield rng.choice(["]C1", "]d2", "]Q3", GS, ""]) + separated(spoilt(elements()))
    for _ in range(500):
        yield "]C1" + separated(elements(), keep=0.5)
    for _ in range(400):
        whole = "]C1" + separated(elements())
        yield whole[: rng.randrange(3, len(whole))]
    for ai in IDENTIFIERS:
        yield f"]C1{ai}{data(ai)}"
    for pattern in ["17%s", "15%s"]:
        for year in range(0, 100, 3):
            yield "]C1" + pattern % f"{year:02}{rng.choice(['0228', '0229', '0200', '1231', '0430', '0431'])}"


def numbers():
    for size, prefixes in [(13, ["", "]E0", "]C0", "]X0"]), (12, ["", "]E0", "]C0"]), (8, ["", "]E4"]), (14, ["", "]I1", "]I0"])]:
        for _ in range(260):
            number = checked(size)
            if rng.random() < 0.3:
                number = number[:-1] + str((int(number[-1]) + rng.randint(1, 9)) % 10)
            yield rng.choice(prefixes) + number
    for _ in range(260):
        # A UPC-E: the check digit is that of the twelve digits it stands for.
        body = rng.choice("01") + digits(6)
        last = body[6]
        if last in "012":
            whole = body[:3] + last + "0000" + body[3:6]
        elif last == "3":
            whole = body[:4] + "00000" + body[4:6]
        elif last == "4":
            whole = body[:5] + "00000" + body[5]
        else:
            whole = body[:6] + "0000" + last
        check = gs1_standard_check_digit(whole)
        check = check if rng.random() < 0.8 else (check + rng.randint(1, 9)) % 10
        yield f"{rng.choice(['', '', '', '', ']E0'])}{body}{check}"
    for _ in range(20):
        yield "]E3" + checked(13) + digits(rng.choice([2, 5]))
    for _ in range(120):
        yield rng.choice(["", "]E0", "]E4", "]I1"]) + digits(rng.choice([1, 5, 9, 10, 11, 15, 17, 19]))
    for _ in range(200):
        yield rng.choice(["", "", "]C0", "]Q1"]) + text(18)


def links():
    for _ in range(900):
        found = elements()
        if rng.random() < 0.25:
            found = spoilt(found)
        key = next(((ai, value) for ai, value in found if ai in ("01", "00", "414", "417")), ("01", checked(14)))
        rest = [(ai, value) for ai, value in found if (ai, value) != key]
        number = key[1]
        if key[0] == "01" and rng.random() < 0.4:
            number = checked(rng.choice([8, 12, 13]))
        order = ["22", "10", "21", "235"] if key[0] == "01" else []
        path = [pair for ai in order for pair in rest if pair[0] == ai]
        query = [pair for pair in rest if pair not in path]
        host = rng.choice(["https://id.gs1.org", "http://example.com:8080", "https://Shop.Example"])
        host = "HTTPS://SHOP.EXAMPLE" if rng.random() < 0.02 else host
        address = host + rng.choice(["", "", "/a/b", "/products"])
        address += f"/{key[0]}/{number}" + "".join(f"/{ai}/{quote(value, safe='')}" for ai, value in path)
        named = [f"{ai}={quote(value, safe='')}" for ai, value in query] + rng.choice([[], [], ["lang=en"]])
        yield address + ("?" + "&".join(named) if named else "") + rng.choice(["", "", "", "#top", "/"] if not named else [""])
    for tail in ["/21/A/10/B", "/17/261231", "/10/A/x/B", "/lot/A", "/10/A/21", "/10/A/", "/10/A%2", "/10/%zz", "/10/%C3%A4"]:
        yield f"https://example.com/01/{checked(14)}{tail}"
    for query in ["10=A+B", "10=A%2BB", "17=", "17", "2024=1", "10=A&10=A", "10=A&10=B", "=", "&&", "01=1", "10=A;21=B"]:
        yield f"https://example.com/01/{checked(14)}?{query}"
    for path in ["", "/", "/a/b", "/2024/01/12", "/01", "/01/abc", "/10/ABC", "/01/09506000134352/10", "/402/1/01/09506000134352"]:
        yield f"https://example.com{path}"


def in_store(region):
    for prefix, rule in _RCN_RULES[region].items():
        items, values = rule.pattern.count("P") - 2, rule.pattern.count("V")
        for _ in range(20):
            item, value = digits(items), digits(values)
            check = ""
            if "C" in rule.pattern:
                check = gs1_price_weight_check_digit(value)
                check = str(check if rng.random() < 0.8 else (check + rng.randint(1, 9)) % 10)
            body = f"{prefix}{item}{check}{value}"
            yield f"{body}{gs1_standard_check_digit(body)}"


def told(found):
    def one(element):
        if element.gtin_error or element.gln_error or element.sscc_error:
            made = "~!"
        elif element.decimal is not None:
            made = f"~{element.decimal:f}"
        else:
            made = f"~{element.date}" if element.date else ""
        return f"{element.ai.ai}={element.value}{made}"

    return "^".join(one(element) for element in found)


def answer(how, value):
    if how == "h":
        return told(GS1Message.parse_hri(value).element_strings), "", ""
    region = None if how == "s" else how
    result = biip.parse(value, config=biip.ParseConfig(rcn_region=region))
    message = result.gs1_message or result.gs1_digital_link_uri
    found = told(message.element_strings) if message else ""
    gtin, measure = result.gtin, ""
    if region and gtin:
        number = gtin.weight if gtin.weight is not None else gtin.price
        number = number if number is not None else gtin.count
        base = gtin.without_variable_measure().as_gtin_14()
        measure = f"{gtin.item_reference}={number:f}={base}" if number is not None else ""
    return found, gtin.as_gtin_14() if gtin else "", measure


def cases():
    for value in [*scanned(), *numbers(), *links()]:
        yield "s", value
    for _ in range(900):
        yield "h", bracketed(elements() if rng.random() < 0.6 else spoilt(elements()))
    for region in RcnRegion:
        for value in in_store(region):
            yield region.value, value


def main():
    lines = []
    for how, value in cases():
        year = rng.choice(YEARS)
        now = types.SimpleNamespace(now=lambda tz, year=year: dt.datetime(year, 6, 1, tzinfo=tz))
        made = types.SimpleNamespace(date=dt.date, UTC=dt.UTC)
        # biip takes the year from the clock; here the line says it.
        made.datetime = type("Clock", (dt.datetime,), {"now": now.now})
        element_strings.dt = made
        try:
            found = answer(how, value)
        except Exception as fault:
            if not isinstance(fault, (biip.ParseError, ValueError)):
                raise
            found = ("", "", "")
        assert not any(c in value for c in "\t\n\r"), value
        lines.append("\t".join([str(year), how, value, *found]))
    packed = gzip.compress("\n".join(lines).encode(), 9, mtime=0)
    with open("cases.tsv.gz", "wb") as file:
        file.write(packed)
    print(len(lines), "cases,", len(packed), "bytes")


main()
