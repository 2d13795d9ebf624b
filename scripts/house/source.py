"""Swift text without its comments and without the text of its string literals; the code in interpolations stays."""
import re

# What ends a run of plain code.
MARK = re.compile(r'//[^\n]*|/\*|#*"""|#*"|[()]')


def code_of(text):
    """The code, with as many lines as the text has."""
    out = []
    _code(text, 0, out, False)
    return "".join(out)


def _code(text, at, out, in_interpolation):
    """Copies code from `at` on; in an interpolation up to the parenthesis that closes it. Where it ended."""
    depth = 0
    while at < len(text):
        found = MARK.search(text, at)
        if not found:
            out.append(text[at:])
            return len(text)
        out.append(text[at:found.start()])
        mark = found.group()
        at = found.end()
        if mark == "(":
            depth += 1
            out.append("(")
        elif mark == ")":
            if in_interpolation and depth == 0:
                return at
            depth -= 1
            out.append(")")
        elif mark.startswith("//"):
            pass
        elif mark == "/*":
            at = _comment(text, at, out)
        else:
            at = _literal(text, at, mark, out)
    return at


def _comment(text, at, out):
    """Comments nest."""
    depth = 1
    while depth and at < len(text):
        found = re.compile(r"/\*|\*/|\n").search(text, at)
        if not found:
            return len(text)
        at = found.end()
        if found.group() == "\n":
            out.append("\n")
        else:
            depth += 1 if found.group() == "/*" else -1
    return at


def _literal(text, at, mark, out):
    hashes = "#" * (len(mark) - len(mark.lstrip("#")))
    quotes = mark[len(hashes):]
    stop = re.compile(r"\\" + hashes + r"\(|" + (r"\\." if not hashes else r"(?!)") + "|" + quotes + hashes + r"|\n", re.S)
    out.append('""')
    while at < len(text):
        found = stop.search(text, at)
        if not found:
            return len(text)
        at = found.end()
        what = found.group()
        if what == "\n":
            out.append("\n")
            if quotes == '"':
                return at
        elif what == "\\" + hashes + "(":
            out.append(" ")
            at = _code(text, at, out, True)
            out.append(" ")
        elif what.startswith("\\"):
            out.append("\n" * what.count("\n"))
        else:
            return at
    return at
