"""Textiles."""
import math

from .palette import (BEECH, BRASS, COBALT, CREAM, INDIGO, MADDER, OCHRE, PINE, PLUM, TERRA,
                      WALNUT, dark, light, mix)
from .shapes import leaf, oval, pic, poly, rrect, star

CAT = "textiles"


def fringe(x0, x1, y, length, step):
    d = ""
    for i in range(int((x1 - x0) / step) + 1):
        x = x0 + i * step
        d += f"M{x:.0f} {y}q{(-7, 6, -3, 8)[i % 4]} {length // 2} {(3, -5, 6, -2)[i % 4]} {length + (0, 9, -6)[i % 3]}"
    return d


def stepped(cx, cy, w, h, steps):
    """A diamond with stairs for sides, as woven on a flat loom."""
    points = []
    for sx, sy in ((1, -1), (1, 1), (-1, 1), (-1, -1)):
        quarter = []
        for i in range(steps):
            x0, x1 = w * i / steps, w * (i + 1) / steps
            y = h * (steps - i) / steps
            quarter += [(cx + sx * x0, cy + sy * y), (cx + sx * x1, cy + sy * y)]
        points += quarter if sx * sy < 0 else quarter[::-1]
    return poly(points)


@pic("kilim-rug-sunstep", CAT, 2, "table")
def kilim(a):
    a.line(fringe(272, 930, 110, 980, 22), "#f2e4cc", 7)
    frame = "M262 150L938 142 944 1050 256 1058Z"
    a.drop(frame, 22, 26, .4, 16)

    def deco():
        a.rect(250, 130, 700, 80, INDIGO)
        a.rect(250, 990, 700, 80, INDIGO)
        d = "".join(f"M{x} 190l22 -36 22 36zM{x} 1010l22 36 22 -36z" for x in range(270, 920, 58))
        a.path(d, OCHRE)
        for y, c in ((210, CREAM), (222, WALNUT), (978, CREAM), (966, WALNUT)):
            a.rect(250, y, 700, 12, c)
        for side in (256, 906):
            a.rect(side, 234, 40, 732, CREAM)
            a.path("".join(f"M{side + 20} {y}l18 26 -18 26 -18 -26z" for y in range(246, 930, 60)), MADDER)
        for y, c in ((355, INDIGO), (600, OCHRE), (845, PINE)):
            a.path(stepped(600, y, 280, 122, 7), c)
            a.path(stepped(600, y, 210, 90, 6), CREAM)
            a.path(stepped(600, y, 160, 68, 5), MADDER)
            a.path(stepped(600, y, 84, 36, 3), (OCHRE, INDIGO, OCHRE)[(y - 355) // 245])
        for y in (478, 722):
            for x in (352, 848):
                a.path(stepped(x, y, 50, 50, 4), OCHRE)
                a.path(stepped(x, y, 24, 24, 2), INDIGO)
        weave = a.pattern(8, 8, '<path d="M0 1h8M4 5h8M-4 5h4" stroke="#2b1420" stroke-width="1.6" opacity=".28"/>')
        a.rect(250, 130, 700, 940, weave)
    a.solid(frame, MADDER, "d", deco, .7)


@pic("kilim-rug-sunstep-2", CAT, 0, "plain")
def kilim_roll(a):
    a.shadow(620, 960, 470, 70)
    flat = "M250 940L330 860H1010L1080 990H330Z"
    a.line("".join(f"M{x} 988l{6 - i % 3 * 6} 42" for i, x in enumerate(range(336, 1084, 22))), "#f2e4cc", 7)

    def stripes():
        for i, c in enumerate((INDIGO, CREAM, OCHRE, CREAM, PINE)):
            a.path(f"M{270} {880 + i * 22}H1100v13H270Z", c)
    a.solid(flat, MADDER, "d", stripes)
    body = "M240 640H1000V930H240A110 145 0 0 1 240 640Z"

    def deco():
        for x, w, c in ((300, 18, CREAM), (326, 46, INDIGO), (380, 18, CREAM), (850, 18, CREAM), (876, 46, INDIGO), (930, 18, CREAM)):
            a.path(f"M{x} 640q-44 145 0 290h{w}q-44 -145 0 -290z", c)
        for x in (500, 620, 740):
            a.path(stepped(x - 18, 785, 60, 110, 6), OCHRE)
            a.path(stepped(x - 18, 785, 34, 66, 4), PINE)
            a.path(stepped(x - 18, 785, 14, 28, 2), CREAM)
        a.rect(100, 600, 1000, 400, a.pattern(8, 8, '<path d="M1 0v8M5 4v8" stroke="#2b1420" stroke-width="1.6" opacity=".25"/>'))
    a.solid(body, MADDER, "v", deco, 1.5)
    a.ell(1000, 785, 110, 145, "#8a2c2a")
    d = "M1000 785"
    for i in range(1, 86):
        t = i * .42
        r = 3 + i * 1.32
        d += f"L{1000 + math.cos(t) * r * .78:.0f} {785 + math.sin(t) * r * 1.06:.0f}"
    a.line(d, "#e9c9a0", 6)
    a.line(d, dark(MADDER, .4), 3, tf="translate(3 4)")
    for x in (440, 800):
        a.line(f"M{x} 642q-44 145 0 288", "#e2c49c", 16)
        a.line(f"M{x} 642q-44 145 0 288", "#a3825a", 4, stroke_dasharray="10 10")


@pic("washed-linen-throw", CAT, 1, "window")
def throw(a):
    a.shadow(600, 1045, 330, 40)
    for x in (250, 930):
        a.rect(x, 130, 40, 930, a.metal(BEECH), rx=16)
    for y in (620, 860):
        a.rect(280, y, 660, 34, a.lin((0, light(BEECH, .4)), (1, dark(BEECH, .35))), rx=12)
    tone = "#e9dcc6"
    back = "M360 322H842V640Q600 700 372 640Z"
    a.solid(back, dark(tone, .25), "h")
    a.line(fringe(372, 842, 650, 70, 26), dark(tone, .2), 9)
    a.rect(280, 290, 660, 40, a.lin((0, light(BEECH, .4)), (1, dark(BEECH, .35))), rx=14)
    front = "M338 310Q340 284 370 284H830Q862 284 864 314C870 500 850 700 872 900Q800 880 740 902T600 896T460 906T330 896C350 700 330 500 338 310Z"
    a.drop(front, 14, 12, .25, 10)

    def folds():
        for x, w, o in ((400, 36, .16), (520, 26, .12), (640, 44, .17), (760, 30, .14)):
            a.line(f"M{x} 300C{x - 20} 500 {x + 26} 700 {x - 6} 910", a.ink, w, op=o, filter=a.blur(9))
            a.line(f"M{x + 44} 300C{x + 26} 500 {x + 62} 700 {x + 40} 910", "#fffdf5", w * .7, op=.5, filter=a.blur(9))
        for y in (770, 800, 860):
            a.path(f"M300 {y}Q600 {y + 26} 900 {y}v{(10, 34, 10)[(y - 770) // 40]}Q600 {y + 50} 300 {y + 10}Z", "#c98f86", op=.75)
        a.rect(300, 280, 600, 640, a.pattern(7, 7, '<path d="M0 1h7M1 0v7" stroke="#7a5c48" stroke-width="1" opacity=".22"/>'))
    a.solid(front, tone, "d", folds)
    knots, tails = "", ""
    for i in range(15):
        x = 350 + i * 36
        y = 898 + 6 * math.sin(i * 1.3)
        knots += oval(x, y + 22, 9, 12)
        tails += f"M{x} {y:.0f}v20m0 0q-14 40 -10 78m10 -78q2 40 0 84m0 -84q14 40 9 76"
    a.line(tails, "#dccab0", 6)
    a.path(knots, "#cdb798")


def cushion(cx, cy, r, bulge=.08):
    b = r * bulge
    c = r * 1.03
    return (f"M{cx - c:.0f} {cy - c:.0f}Q{cx:.0f} {cy - r + b:.0f} {cx + c:.0f} {cy - c:.0f}"
            f"Q{cx + r - b:.0f} {cy:.0f} {cx + c:.0f} {cy + c:.0f}Q{cx:.0f} {cy + r - b:.0f} {cx - c:.0f} {cy + c:.0f}"
            f"Q{cx - r + b:.0f} {cy:.0f} {cx - c:.0f} {cy - c:.0f}Z")


def marigold(petal, heart, green):
    d = "".join(oval(70 + 25 * math.cos(i * math.pi / 5), 58 + 25 * math.sin(i * math.pi / 5), 13) for i in range(10))
    return (f'<path d="M70 80v52" stroke="{green}" stroke-width="6"/>'
            f'<path d="{leaf(70, 120, 44, 20, -150)}{leaf(70, 120, 44, 20, -30)}" fill="{green}"/>'
            f'<path d="{d}" fill="{petal}"/><circle cx="70" cy="58" r="24" fill="{petal}"/>'
            f'<circle cx="70" cy="58" r="14" fill="{heart}"/>')


@pic("block-print-cushion", CAT, 0, "round")
def block_cushion(a):
    a.shadow(610, 990, 380, 60)
    d = cushion(600, 620, 360)
    print_ = a.pattern(140, 150, marigold("#e9952c", "#b34a22", "#5d7d4b"), "rotate(4) translate(32 22)")

    def deco():
        a.rect(200, 200, 800, 830, print_)
        a.path(oval(600, 620, 430, 400), "none", stroke="#7a3b2a", w=60, op=.12)
        for p in ("M232 252Q320 330 360 420", "M968 252Q880 330 846 410", "M232 988Q320 900 352 830", "M968 988Q890 900 850 840"):
            a.line(p, a.ink, 22, op=.14, filter=a.blur(8))
    with a.g(tf="rotate(-4 600 620)"):
        a.solid(d, "#fbf1de", "ball", deco, .8)
        a.line(d, "#b34a22", 9)
        a.line("M250 250l-34 -30M950 250l34 -30M250 990l-34 30M950 990l34 30", "#b34a22", 18)


@pic("block-print-cushion-2", CAT, 1, "pointed")
def block_cushion_stack(a):
    a.shadow(610, 1000, 420, 60)
    roll = "M250 800H950Q1010 800 1010 895T950 990H250Q190 990 190 895T250 800Z"
    dots = a.pattern(64, 64, '<path d="M32 8l16 24-16 24-16-24z" fill="#fbf1de" opacity=".9"/><circle cx="0" cy="0" r="7" fill="#e9952c"/><circle cx="64" cy="64" r="7" fill="#e9952c"/><circle cx="64" cy="0" r="7" fill="#e9952c"/><circle cx="0" cy="64" r="7" fill="#e9952c"/>', "translate(0 30)")
    a.solid(roll, "#6d7f4d", "v", lambda: a.rect(190, 790, 840, 220, dots), 1.6)
    a.path("M250 800q-40 95 0 190M950 800q40 95 0 190", "none", stroke="#fbf1de", w=8)
    d = cushion(600, 500, 300, .1)
    print_ = a.pattern(140, 150, marigold("#dfe6f2", "#7f9bd0", "#8fa5cf"), "rotate(-6) translate(20 30)")
    with a.g(tf="rotate(7 600 500)"):
        a.drop(d, 8, 22, .35, 16)
        a.solid(d, INDIGO, "ball", lambda: a.rect(200, 150, 800, 760, print_), .9)
        a.line(d, "#1e2c50", 8)


@pic("market-tea-towels", CAT, 2, "wall")
def towels(a):
    a.line("M60 196Q600 250 1140 190", "#8a6a4c", 10)
    stripes = a.pattern(96, 40, f'<path d="M30 0v40" stroke="{MADDER}" stroke-width="22"/><path d="M60 0v40M72 0v40" stroke="{MADDER}" stroke-width="4"/>')
    checks = a.pattern(90, 90, f'<path d="M30 0v90M0 30h90" stroke="{COBALT}" stroke-width="34" opacity=".55"/><path d="M70 0v90M0 70h90" stroke="{COBALT}" stroke-width="4" opacity=".8"/>')
    for x, fill, dy in ((170, stripes, 0), (640, checks, 8)):
        d = (f"M{x} {212 + dy}Q{x + 200} {244 + dy} {x + 390} {214 + dy}C{x + 380} 480 {x + 404} 740 {x + 392} 980"
             f"Q{x + 290} 1000 {x + 200} 984T{x + 4} 990C{x - 14} 740 {x + 14} 480 {x} {212 + dy}Z")
        a.drop(d, 22, 20, .28, 14)

        def deco():
            a.rect(x - 20, 190, 440, 820, fill)
            for fx, w in ((110, 34), (260, 46)):
                a.line(f"M{x + fx} 230C{x + fx - 20} 480 {x + fx + 20} 760 {x + fx} 1000", a.ink, w, op=.15, filter=a.blur(10))
            a.line(f"M{x - 10} 962q210 24 420 -6", CREAM, 8, op=.8)
        a.solid(d, "#fbf3e4", "d", deco, .8)
        for px in (x + 24, x + 366):
            a.solid(rrect(px - 15, 160 + dy, 30, 96, 10), BEECH, "h")
            a.line(f"M{px - 15} {206 + dy}h30", dark(BEECH, .5), 7)


@pic("highland-wool-blanket", CAT, 0, "window")
def blankets(a):
    a.shadow(610, 990, 420, 60)

    def folded(y, h, tone, bands):
        d = rrect(210, y, 780, h, h * .42)

        def deco():
            for x, w, c in bands:
                a.rect(x, y - 4, w, h + 8, c)
            for i in range(1, 3):
                a.line(f"M190 {y + h * i / 3:.0f}q400 12 830 0", a.ink, 7, op=.3)
                a.line(f"M190 {y + h * i / 3 + 9:.0f}q400 12 830 0", "#fff", 5, op=.3)
            a.rect(190, y, 830, h, a.pattern(16, 12, '<path d="M0 12L8 0 16 12" stroke="#3a2020" stroke-width="1.6" fill="none" opacity=".2"/>'))
        a.solid(d, tone, "v", deco, 1.1)
    folded(820, 172, "#8c4a52", ((300, 40, "#e9c48a"), (360, 14, "#e9c48a"), (760, 40, "#e9c48a"), (820, 14, "#e9c48a")))
    folded(646, 176, "#f4ead6", ((280, 60, MADDER), (352, 60, OCHRE), (424, 60, PINE), (496, 60, INDIGO)))
    folded(470, 178, "#4f6a62", ((640, 16, CREAM), (680, 56, CREAM), (760, 16, CREAM)))
    top = "M236 470C230 400 250 340 320 336H880C960 340 976 400 966 470C950 500 930 470 900 500Q600 520 300 496C270 470 250 500 236 470Z"

    def stripes():
        for x, c in ((560, MADDER), (640, OCHRE), (720, PINE), (800, INDIGO)):
            a.path(f"M{x} 330q14 90 -6 190h64q20 -100 6 -190z", c)
        a.rect(190, 330, 830, 200, a.pattern(16, 12, '<path d="M0 12L8 0 16 12" stroke="#3a2020" stroke-width="1.6" fill="none" opacity=".2"/>'))
    a.solid(top, "#f6edda", "v", stripes)
    a.line("M246 474q20 24 56 22q300 24 598 2q36 -30 60 -26", "#8f5a4a", 6, stroke_dasharray="4 22")


@pic("hammam-towel", CAT, 1, "wall")
def hammam(a):
    a.circ(600, 176, 26, a.metal(BRASS))
    a.circ(600, 262, 96, "none", stroke=dark(BRASS, .35), w=26)
    a.circ(598, 260, 96, "none", stroke=a.metal(BRASS), w=20)
    tone = "#3f86a5"
    back = "M536 336C470 500 440 700 430 880L640 900 640 340Z"
    a.solid(back, dark(tone, .25), "h")
    a.line(fringe(440, 630, 880, 90, 24), "#e9f1f0", 9)
    front = "M520 346Q600 376 684 346C720 520 770 760 792 930Q650 960 500 936C500 760 520 520 520 346Z"
    a.drop(front, 20, 22, .3, 14)

    def deco():
        for y, h in ((700, 16), (726, 60), (796, 16), (850, 12), (874, 12)):
            a.path(f"M470 {y}Q650 {y + 28} 820 {y - 4}v{h}Q650 {y + h + 28} 470 {y + h}Z", "#f6f0e2")
        a.path("M470 738Q650 766 820 734v36Q650 802 470 774Z", "#e39a4a")
        for x0, x1, o in ((545, 548, .2), (600, 640, .2), (655, 730, .2)):
            a.line(f"M{x0} 350Q{x0} 640 {x1} 950", a.ink, 26, op=o, filter=a.blur(8))
        a.line("M574 360Q570 640 590 950M630 360Q650 640 690 940", "#fff", 20, op=.28, filter=a.blur(8))
        a.rect(440, 320, 400, 650, a.pattern(14, 14, '<path d="M7 2l5 5-5 5-5-5z" fill="#fff" opacity=".13"/>'))
    a.solid(front, tone, "h", deco, .9)
    d = ""
    for i in range(12):
        x = 512 + i * 25
        d += f"M{x} {938 + (8 if 2 < i < 9 else 0)}q{(4, -4)[i % 2]} 40 0 70m0 0q-8 20 -8 34m8 -34q8 20 8 34m-8 -34v38"
    a.line(d, "#f6f0e2", 8)
    a.path("M520 346Q600 320 684 346Q700 400 690 420Q600 380 516 420Q514 380 520 346Z", light(tone, .15), op=.9)


@pic("patchwork-quilt", CAT, 2, "table")
def quilt(a):
    fabrics = [MADDER, "#e8b04a", INDIGO, "#7c9c86", "#f2d9c0", "#c9728a", "#4f7f92", TERRA, "#8a5f86"]
    d = "M170 170H1030V1030H170Z"
    a.drop("M170 170H1030V650L650 1030H170Z", 20, 26, .4, 18)
    a.path(d, "#f8efdf")
    s = 172
    for r in range(5):
        for c in range(5):
            x, y = 170 + c * s, 170 + r * s
            one, two = fabrics[(r * 4 + c * 2) % 9], fabrics[(r * 2 + c * 5 + 3) % 9]
            if (r + c) % 2:
                h = s / 2
                a.path(f"M{x} {y}h{s}v{s}h-{s}z", two)
                a.path(f"M{x} {y}h{h}v{h}h-{h}zM{x + h} {y + h}h{h}v{h}h-{h}z", light(one, .35))
                a.path(oval(x + 43, y + 43, 14) + oval(x + 129, y + 129, 14), two, op=.7)
                a.path(f"M{x + h} {y}l{h} {h}v-{h}zM{x} {y + h}l{h} {h}h-{h}z", dark(two, .2), op=.5)
            else:
                a.path(f"M{x} {y}h{s}v{s}h-{s}z", "#f8efdf")
                a.path(star(x + 86, y + 86, 82, 40, 8), one)
                a.path(star(x + 86, y + 86, 46, 20, 4), light(two, .2))
    lines = "".join(f"M170 {170 + i * s}H1030M{170 + i * s} 170V1030" for i in range(1, 5))
    a.line(lines, a.ink, 5, op=.22)
    a.line("".join(f"M170 {170 + i * 86}L{1030 - i * 86} 1030M{170 + i * 86} 170L1030 {1030 - i * 86}" for i in range(0, 10, 2)),
           "#fffaf0", 3, stroke_dasharray="9 9", op=.75)
    a.path(d, a.lin((0, "#fff8ea", .3), (.5, "#fff8ea", 0), (1, "#2a1020", .25), to=(1, 1)))
    a.line("M640 1030H170V170H1030V640", PLUM, 16)
    # the folded corner shows the back
    a.path("M1036 642V1036H642Z", a.lin((0, mix(a.wall, a.wall2, .78)), (1, mix(a.wall, a.wall2, .96)), to=(1, 1)))
    fold = "M1030 650L650 1030Q690 800 640 690Q830 700 1030 650Z"
    a.drop(fold, -8, 14, .35, 12)
    a.path(fold, a.lin((0, "#e9c7b4"), (.5, "#f6dfcd"), (1, "#c99a86"), to=(1, 1)))
    a.path(fold, a.pattern(50, 50, '<path d="M25 14c9 0 9 11 0 20c-9-9-9-20 0-20" fill="#b8606a" opacity=".6"/>', "rotate(20)"))
    a.line("M650 1030Q690 800 640 690Q830 700 1030 650", PLUM, 14)


@pic("ridge-wool-socks", CAT, 0, "table")
def socks(a):
    def sock(tf, main, trim, mark):
        d = "M440 190H660V640C660 700 700 720 790 760C880 800 900 930 800 950H620C500 950 440 860 440 740Z"
        with a.g(tf=tf):
            a.drop(d, 18, 22, .35, 14)

            def deco():
                a.path("M430 700Q560 690 560 960H430Z", trim)
                a.path("M790 740Q730 850 780 970H920V740Z", trim)
                a.rect(430, 180, 250, 110, trim)
                a.line("".join(f"M{x} 180v110" for x in range(452, 670, 24)), dark(trim, .35), 7, op=.6)
                a.path("".join(f"M{x} 330l27 36-27 36-27-36z" for x in range(468, 680, 55)), mark)
                a.path("".join(f"M{x} 440l14 18-14 18-14-18z" for x in range(468, 680, 28)), trim)
                a.line("M430 312H680M430 420H680M430 500H680", mark, 9)
                a.rect(430, 290, 480, 670, a.pattern(16, 14, '<path d="M0 0l8 10 8-10" stroke="#1f1014" stroke-width="2.4" fill="none" opacity=".25"/>'))
            a.solid(d, main, "h", deco, .9)
    sock("rotate(-9 600 600) translate(120 10) scale(.98)", "#b9543a", "#f1dfc2", "#f0b352")
    sock("rotate(5 600 600) translate(-210 40)", "#c4603f", "#f1dfc2", "#f0b352")
