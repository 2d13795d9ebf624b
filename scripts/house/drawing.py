"""The map of the house as SVG: targets from the ground up, their rooms in layers, and who names whose types.

Layers by the longest way down; lines that pass a layer get a place in it (Sugiyama's method, as small as it can be);
places within a layer by the middle of their neighbours. The same code gives the same bytes.
"""
from house.arrows import PARTED, TARGETS, House, room_of
from house.rules import PURE

WIDTH, HEIGHT, GAP, LAYER, PASSAGE = 108, 30, 18, 38, 14
MARGIN, TITLE = 16, 26
STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #1d2733; text-anchor: middle }
    text.small { font-size: 12px; fill: #5b6878; text-anchor: start }
    text.title { font-size: 14px; font-weight: 600; text-anchor: start }
    .page { fill: #fbfcfd }
    .target { fill: #f1f4f8; stroke: #c4cdd8 }
    .pure { fill: #dcefe2; stroke: #6aa583 }
    .effects { fill: #fbe6cf; stroke: #c98f4e }
    .line { fill: none; stroke: #8794a5; stroke-width: 1.2 }
    .between { fill: none; stroke: #53657d; stroke-width: 2 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e7ecf2 } text.small { fill: #a3b0bf }
      .page { fill: #161b22 } .target { fill: #1e252e; stroke: #3b4756 }
      .pure { fill: #1f3b2c; stroke: #4f8a68 } .effects { fill: #43321e; stroke: #b0803f }
      .line { stroke: #6d7b8d } .between { stroke: #93a5bd }
    }"""


def reduced(edges):
    """The edges that no longer way says already."""
    below = {}
    for upper, lower in edges:
        below.setdefault(upper, set()).add(lower)

    def reaches(start, goal, direct):
        return any(
            next_ == goal or reaches(next_, goal, False) for next_ in below.get(start, ()) if not (direct and next_ == goal))

    return sorted(edge for edge in edges if not reaches(*edge, True))


def layered(rooms, edges):
    """Rooms and passages of lines in layers, the top one first; and each line as the places that it goes through."""
    depth = {}

    def deep(room):
        if room not in depth:
            depth[room] = 1 + max((deep(lower) for upper, lower in edges if upper == room), default=-1)
        return depth[room]

    for room in rooms:
        deep(room)
    layers = [[] for _ in range(max(depth.values()) + 1)]
    for room in sorted(rooms):
        layers[depth[room]].append(room)
    lines = []
    for upper, lower in edges:
        way = [upper]
        for level in range(depth[upper] - 1, depth[lower], -1):
            passage = (upper, lower, level)
            layers[level].append(passage)
            way.append(passage)
        lines.append(way + [lower])
    neighbours = {}
    for way in lines:
        for a, b in zip(way, way[1:]):
            neighbours.setdefault(a, []).append(b)
            neighbours.setdefault(b, []).append(a)
    for sweep in range(24):
        order = range(len(layers)) if sweep % 2 else range(len(layers) - 1, -1, -1)
        for level in order:
            near = layers[level - 1 if sweep % 2 else level + 1] if 0 <= (level - 1 if sweep % 2 else level + 1) < len(layers) else []
            place = {one: index for index, one in enumerate(near)}

            def middle(one):
                places = [place[other] for other in neighbours.get(one, ()) if other in place]
                return sum(places) / len(places) if places else layers[level].index(one)

            layers[level] = sorted(layers[level], key=lambda one: (middle(one), str(one)))
    return layers[::-1], lines


def width_of(one):
    return PASSAGE if isinstance(one, tuple) else WIDTH


class Drawing:
    def __init__(self, sources):
        self.house = House(sources)
        self.parts = []
        self.rooms = sorted({room_of(path) for path in self.house.files})
        self.edges = set(self.house.arrows())

    def add(self, text):
        self.parts.append("  " + text)

    def box(self, room, name, x, y):
        kind = "pure" if room in PURE else "effects"
        self.add(f'<rect class="{kind}" x="{x:.0f}" y="{y:.0f}" width="{WIDTH}" height="{HEIGHT}" rx="7"/>')
        self.add(f'<text x="{x + WIDTH / 2:.0f}" y="{y + 20:.0f}">{name}</text>')

    def line(self, points, kind):
        start = points[0]
        path = f"M{start[0]:.0f} {start[1]:.0f}"
        for (ax, ay), (bx, by) in zip(points, points[1:]):
            half = (ay + by) / 2
            path += f" C{ax:.0f} {half:.0f} {bx:.0f} {half:.0f} {bx:.0f} {by:.0f}"
        self.add(f'<path class="{kind}" d="{path}" marker-end="url(#{kind}-head)"/>')

    def target(self, name, top):
        """Draws the rooms of a target; gives its width and height."""
        rooms = [room for room in self.rooms if room.startswith(name + "/")]
        edges = reduced([edge for edge in self.edges if edge[0] in rooms and edge[1] in rooms])
        layers, lines = layered(rooms, edges)
        inner = max(sum(map(width_of, layer)) + GAP * (len(layer) - 1) for layer in layers)
        width = inner + 2 * MARGIN
        height = TITLE + len(layers) * HEIGHT + (len(layers) - 1) * LAYER + 2 * MARGIN
        left = (self.width - width) / 2
        self.add(f'<rect class="target" x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{height:.0f}" rx="10"/>')
        self.add(f'<text class="title" x="{left + MARGIN:.0f}" y="{top + 26:.0f}">{name}</text>')
        at = {}
        for number, layer in enumerate(layers):
            y = top + TITLE + MARGIN + number * (HEIGHT + LAYER)
            x = left + MARGIN + (inner - sum(map(width_of, layer)) - GAP * (len(layer) - 1)) / 2
            for one in layer:
                at[one] = (x, y)
                x += width_of(one) + GAP
        for way in lines:
            points = []
            for number, one in enumerate(way):
                x, y = at[one]
                middle = x + width_of(one) / 2
                if number > 0:
                    points.append((middle, y))
                if number + 1 < len(way):
                    points.append((middle, y + HEIGHT))
            self.line(points, "line")
        for room in rooms:
            self.box(room, room.split("/")[1], *at[room])
        return left, width, height

    def svg(self):
        self.width = 760
        y = MARGIN
        x = (self.width - WIDTH) / 2
        middle = self.width / 2
        self.box("torrentctl", "torrentctl", x, y)
        y += HEIGHT
        for name in reversed(PARTED):
            self.line([(middle, y), (middle, y + LAYER)], "between")
            y += LAYER
            y += self.target(name, y)[2]
        lower = ["Bencode", "Platform", "Text"]
        spread = WIDTH + 60
        for number, name in enumerate(lower):
            to = middle + (number - 1) * spread
            self.line([(to, y), (to, y + LAYER)], "between")
            self.box(name, name, to - WIDTH / 2, y + LAYER)
        y += LAYER + HEIGHT
        self.line([(middle + WIDTH / 2, y - HEIGHT / 2), (middle + spread - WIDTH / 2, y - HEIGHT / 2)], "between")
        y += 30
        for kind, at, words in (("pure", -250, "values and decisions, nothing else"), ("effects", 30, "threads, files, sockets, C")):
            self.add(f'<rect class="{kind}" x="{middle + at:.0f}" y="{y - 11:.0f}" width="16" height="14" rx="3"/>')
            self.add(f'<text class="small" x="{middle + at + 24:.0f}" y="{y:.0f}">{words}</text>')
        height = y + MARGIN
        heads = "".join(
            f'<marker id="{kind}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="{size}" markerHeight="{size}" '
            f'orient="auto"><path class="{kind}" d="M1 1L7 4L1 7"/></marker>' for kind, size in (("line", 7), ("between", 6)))
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height:.0f}" width="{self.width}" '
            f'height="{height:.0f}" role="img" aria-label="Targets and rooms, and who names whose types">',
            f"  <style>{STYLE}\n  </style>", f"  <defs>{heads}</defs>",
            f'  <rect class="page" width="{self.width}" height="{height:.0f}"/>', *self.parts, "</svg>", ""])


def svg(sources):
    return Drawing(sources).svg()
