"""Garden."""
import math

from .palette import ASH, BEECH, BRASS, PINE, TERRA, dark, light
from .shapes import crv, lathe, leaf, oval, pic, poly, rrect, star

CAT = "garden"
SOIL = "#4b3426"


def pot(a, cx, top, base, r, tone=TERRA, soil=True, specks=34):
    """A tall clay pot with a rolled rim."""
    h = base - top
    body = lathe(cx, [(top + h * .16, r * .86), (base - 8, r * .66, 1), (base, r * .65)], .15)

    def marks():
        a.specks(cx - r, top, cx + r, base, specks, dark(tone, .4), 6, .35)
        a.band(cx, base - h * .16, r, h * .2, "#f3dcc8", .15, op=.25)
    a.solid(body, tone, deco=marks)
    rim = lathe(cx, [(top, r), (top + h * .16, r * .97, 1), (top + h * .18, r * .95)], .15)
    a.path(f"M{cx - r * .87:.0f} {top + h * .19:.0f}A{r * .87:.0f} {r * .13:.0f} 0 0 0 {cx + r * .87:.0f} {top + h * .19:.0f}v{h * .05:.0f}A{r * .87:.0f} {r * .13:.0f} 0 0 1 {cx - r * .87:.0f} {top + h * .24:.0f}Z", a.ink, op=.25)
    a.solid(rim, light(tone, .06))
    a.rim(cx, top, r, .15, light(tone, .12), dark(tone, .3), r * .07)
    if soil:
        a.ell(cx, top + r * .03, r * .88, r * .105, SOIL)


@pic("terracotta-pot", CAT, 0, "round")
def terracotta(a):
    a.shadow(600, 1010, 250)
    saucer = lathe(600, [(960, 232), (1000, 214, 1), (1012, 206)], .13)
    a.solid(saucer, dark(TERRA, .05))
    a.ell(600, 960, 232, 30, light(TERRA, .12))
    a.ell(600, 962, 214, 25, dark(TERRA, .4))
    pot(a, 600, 540, 968, 236)
    needles = ["", "", ""]
    for i, (dx, h, bend) in enumerate(((-150, 300, -90), (-90, 390, -60), (-40, 340, 10), (0, 440, -10), (50, 400, 50), (100, 350, 70), (150, 280, 110))):
        x0, y0, x1, y1 = 600 + dx * .6, 546, 600 + dx + bend, 546 - h
        a.line(f"M{x0:.0f} {y0}Q{600 + dx} {546 - h * .5:.0f} {x1} {y1}", "#6b5a3a", 8)
        for j in range(17):
            t = (j + 2) / 18
            x = (1 - t) ** 2 * x0 + 2 * t * (1 - t) * (600 + dx) + t * t * x1
            y = (1 - t) ** 2 * y0 + 2 * t * (1 - t) * (546 - h * .5) + t * t * y1
            s = 44 - 14 * t
            needles[i % 3] += f"M{x:.0f} {y:.0f}l{-s:.0f} {-s * .55:.0f}m{s:.0f} {s * .55:.0f}l{s:.0f} {-s * .6:.0f}"
    for d, c in zip(needles, ("#4f7a58", "#6f9a70", "#8bb088")):
        a.line(d, c, 10)
    a.line("M520 300h0M640 250h0M700 330h0M470 380h0M600 190h0M740 290h0", "#9a8ad0", 22)


@pic("terracotta-pot-2", CAT, 2, "window")
def pots(a):
    a.shadow(420, 930, 230)
    pot(a, 410, 330, 930, 260, soil=False)
    a.shadow(770, 960, 170)
    pot(a, 770, 570, 960, 180, light(TERRA, .12), soil=False)
    a.shadow(560, 1090, 190, 30)
    with a.g(tf="rotate(-104 560 1000)"):
        pot(a, 590, 880, 1170, 120, dark(TERRA, .08), soil=False)


@pic("long-reach-watering-can", CAT, 1, "plain")
def can(a):
    green = "#3f7d58"
    a.shadow(720, 1000, 300)
    spout = "M560 860C420 800 350 600 250 430L214 446C270 660 370 880 560 960Z"
    a.path(spout, a.metal(green, (.7, .5)))
    a.line("M330 640L570 640", dark(green, .25), 16)
    with a.g(tf="rotate(-28 230 430)"):
        a.path("M190 440L150 372H312L272 440Z", a.metal(BRASS))
        a.ell(231, 372, 82, 22, a.slab(BRASS, .5, .2))
        a.line("".join(f"M{231 + x} {372 + y}h0" for x, y in ((-50, 0), (-25, -8), (-25, 8), (0, 0), (0, -13), (0, 13), (25, -8), (25, 8), (50, 0))), dark(BRASS, .6), 8)
    a.line("M700 430C700 220 1010 240 1010 560S980 800 940 850", dark(green, .4), 44)
    a.line("M698 428C698 216 1006 236 1006 556S976 798 936 848", green, 32)
    a.gloss("M730 350C760 270 860 260 920 310", 9, .45)
    body = lathe(740, [(480, 206), (500, 212, 1), (980, 240, 1), (1002, 240)], .14)

    def deco():
        a.band(740, 560, 260, 12, dark(green, .3), .14)
        a.band(740, 574, 260, 5, light(green, .4), .14, op=.6)
        a.band(740, 930, 260, 12, dark(green, .3), .14)
        a.band(740, 944, 260, 5, light(green, .4), .14, op=.6)
    a.solid(body, green, deco=deco, strength=1.2)
    a.ell(740, 480, 206, 29, light(green, .25))
    a.path("M546 480A194 24 0 0 1 934 480A194 24 0 0 1 546 480Z", dark(green, .55))
    a.path("M740 456A194 24 0 0 1 740 504Q820 480 740 456Z", green)
    a.path("M740 452A206 29 0 0 1 740 509A206 29 0 0 0 946 480A206 29 0 0 0 740 452Z", light(green, .1))
    a.gloss("M572 640q-10 120 -14 240", 16, .4)
    d = ""
    for x, y, s in ((110, 500, 20), (70, 600, 24), (150, 590, 18), (110, 700, 22), (60, 790, 18), (160, 760, 20), (120, 870, 22)):
        d += f"M{x} {y - s * 1.7:.0f}C{x + s * .4:.0f} {y - s * .7:.0f} {x + s} {y - s * .2:.0f} {x + s} {y + s * .3:.0f}A{s} {s} 0 0 1 {x - s} {y + s * .3:.0f}C{x - s} {y - s * .2:.0f} {x - s * .4:.0f} {y - s * .7:.0f} {x} {y - s * 1.7:.0f}Z"
    a.path(d, a.lin((0, "#d9f0fa"), (1, "#6fb0d0")))
    for x in (80, 190, 300):
        a.path(leaf(x, 1060, 110, 44, -110) + leaf(x, 1060, 120, 46, -66) + leaf(x, 1060, 80, 36, -20) + leaf(x, 1060, 80, 36, -160), "#5f9150")


def packet(a, x, y, t, tone, art):
    with a.g(tf=f"translate({x} {y}) rotate({t})"):
        d = "M-120 -190H120V190H-120Z"
        a.drop(d, 10, 12, .32, 8)
        a.path(d, a.slab(tone, .2, .12))
        a.path("M-120 -190H120V-150H-120Z", dark(tone, .14))
        a.path(rrect(-98, -130, 196, 250, 98), "#fbf6e6")
        a.line("M-70 146H70M-44 166H44", dark(tone, .35), 7, op=.7)
        art(a)


def tomato(a):
    a.circ(0, 10, 66, a.rad((0, "#ff9a72"), (.5, "#dd4a30"), (1, "#9c2a1c"), at=(.35, .3), r=.75))
    a.path(star(0, -44, 44, 13, 5), "#3f7d45")


def radish(a):
    a.path(leaf(0, -30, 100, 42, -120) + leaf(0, -30, 100, 42, -60) + leaf(0, -30, 90, 40, -90), "#5f9a4f")
    a.path("M0 -40C60 -40 66 30 34 60Q10 80 0 116Q-10 80 -34 60C-66 30 -60 -40 0 -40Z", a.slab("#d23a68", .3, .2))
    a.path("M-14 72Q0 90 0 116Q0 90 14 72Z", "#fbeef0")


def peas(a):
    a.path("M-80 50C-60 -60 40 -90 84 -80C70 40 -30 90 -80 50Z", "#4f8f45")
    a.path("M-66 42C-40 -40 40 -70 74 -70C50 20 -20 60 -66 42Z", "#8fc46a")
    for u, v in ((-40, 22), (-8, -2), (26, -28), (54, -52)):
        a.circ(u, v, 19, a.rad((0, "#e3f5b0"), (1, "#69a845"), at=(.35, .3), r=.7))


@pic("kitchen-garden-seeds", CAT, 0, "arch")
def seeds(a):
    a.shadow(600, 1010, 360, 60)
    packet(a, 400, 500, -13, "#e9b24a", peas)
    packet(a, 800, 500, 12, "#8fae6a", radish)
    packet(a, 600, 430, 0, "#d9765a", tomato)
    front = "M250 690H950L930 1000H270Z"
    a.path("M290 620H910L950 690H250Z", dark(BEECH, .45))
    packet(a, 480, 640, -5, "#7fb5c0", peas)
    packet(a, 710, 650, 6, "#f0dca6", tomato)

    def grain():
        a.line("".join(f"M240 {y}q180 {k} 360 2t360 -4" for y, k in ((730, 14), (770, -10), (816, 16), (870, -12), (920, 12), (966, -10))), dark(BEECH, .35), 4, op=.5)
    a.drop(front, 0, -10, .3, 8)
    a.solid(front, BEECH, "d", grain)
    a.line("M256 846H944", dark(BEECH, .5), 7)
    a.circ(600, 846, 92, "#fbf6e6")
    a.circ(600, 846, 92, "none", stroke=PINE, w=6)
    a.path(leaf(600, 880, 84, 46, -140) + leaf(600, 880, 84, 46, -40), "#4f8f45")
    a.line("M600 900V826", PINE, 9)
    for x, y in ((280, 718), (920, 718), (294, 970), (906, 970)):
        a.circ(x, y, 9, dark(BEECH, .6))
    a.line("M180 1050h4M230 1080h4M1000 1040h5M960 1080h4M1040 1090h4M140 1090h3", "#8a5a34", 19)


@pic("kitchen-garden-seeds-2", CAT, 1, "window")
def seedlings(a):
    with a.g(tf="translate(600 480) scale(1.45) translate(-600 -480)"):
        packet(a, 620, 480, 7, "#d9765a", tomato)
    for i, x in enumerate((270, 560, 890)):
        a.shadow(x, 1020, 120)
        pot(a, x, 780, 1020, 136, (TERRA, light(TERRA, .14), dark(TERRA, .06))[i], specks=12)
        h = (120, 190, 250)[i]
        a.line(f"M{x} 790q{(12, -14, 10)[i]} {-h // 2} 0 {-h}", "#7fae5a", 12)
        y = 790 - h
        d = leaf(x, y, 100, 56, -150) + leaf(x, y, 100, 56, -30)
        if h > 140:
            d += leaf(x, y + 60, 80, 40, -160) + leaf(x, y + 60, 80, 40, -20)
        if h > 200:
            d += leaf(x, y, 80, 44, -90)
        a.path(d, a.lin((0, "#a3d070"), (1, "#4f9150")))


@pic("forged-trowel-fork", CAT, 2, "plain")
def trowel(a):
    a.path("M120 1010C220 880 380 850 600 840S1000 880 1090 1010Q1120 1060 1040 1080H160Q90 1060 120 1010Z", SOIL)
    a.path("M120 1010C220 880 380 850 600 840S1000 880 1090 1010Q900 930 600 930T120 1010Z", light(SOIL, .14))
    a.specks(180, 900, 1030, 1060, 70, dark(SOIL, .5), 22, .7)
    a.specks(180, 880, 1030, 1060, 40, light(SOIL, .4), 12, .6)

    def handle():
        a.solid("M566 130Q566 90 600 90T634 130C646 230 652 320 632 430H568C548 320 554 230 566 130Z", ASH, "h",
                lambda: a.line("M580 100C570 240 576 320 586 430M616 100C628 240 622 320 614 430", dark(ASH, .35), 4, op=.5), 1.2)
        a.circ(600, 124, 12, dark(ASH, .7))
        a.line("M600 124C560 40 640 40 600 124", "#7a4326", 9)
        a.path("M568 420H632L624 480H576Z", a.metal("#8d969c"))
    with a.g(tf="translate(200 10) rotate(9 600 640)"):
        blade = "M584 470H616V570C690 590 716 640 706 740C694 830 640 900 600 940C560 900 506 830 494 740C484 640 510 590 584 570Z"
        a.drop(blade, 18, 10, .35, 10)
        a.path(blade, a.metal("#8f999f"))
        a.path("M600 590C650 600 680 650 672 730C660 820 630 860 600 910Z", "#2f363c", op=.22)
        a.line("M600 600V890", "#5f696f", 5, op=.6)
        handle()
    with a.g(tf="translate(-200 10) rotate(-9 600 640)"):
        fork = ("M584 470H616V590C680 594 706 620 706 680V880Q700 920 690 930Q676 900 672 870V690Q660 640 622 640V890Q612 930 600 940"
                "Q588 930 578 890V640Q540 640 528 690V870Q524 900 510 930Q500 920 494 880V680C494 620 520 594 584 590Z")
        a.drop(fork, 18, 10, .35, 10)
        a.path(fork, a.metal("#98a2a8"))
        handle()
    a.path("M130 1010C240 930 320 950 420 900S640 950 760 900S980 940 1090 1010Q1120 1060 1040 1080H160Q90 1060 130 1010Z", SOIL)
    a.specks(180, 950, 1030, 1070, 46, dark(SOIL, .5), 20, .7)
    for x in (600, 1010):
        a.line(f"M{x} 990v-130", "#7fae5a", 10)
        a.path(leaf(x, 864, 84, 46, -150) + leaf(x, 864, 84, 46, -30), "#6fae55")


@pic("bypass-secateurs", CAT, 0, "tiles")
def secateurs(a):
    red = "#c43a2f"
    with a.g(tf="rotate(38 600 600)"):
        lower = "M560 560C620 620 660 760 650 960Q644 1060 690 1110Q720 1130 740 1100C760 960 740 740 660 570Z"
        upper = "M640 560C580 640 520 760 500 940Q490 1050 440 1090Q410 1100 400 1070C400 900 470 700 560 540Z"
        hook = "M640 580C580 500 540 420 480 340Q440 270 470 210Q490 190 510 220C530 320 600 400 670 520Z"
        blade = "M560 560C560 460 580 300 680 150C760 240 760 420 660 580Z"
        for d in (hook, upper):
            a.drop(d, 8, 26, .38, 12)
        a.path(hook, a.metal("#7f898f"))
        a.solid(lower, red, "h", strength=1.2)
        for d in (blade, lower):
            a.drop(d, 8, 20, .3, 10)
        a.solid(lower, red, "h", strength=1.1)
        a.path("M690 760C706 840 706 960 700 1060", "none", stroke="#e9b98a", w=16, stroke_linecap="round")
        a.path(blade, a.lin((0, "#f4f7f7"), (.5, "#b9c2c6"), (1, "#7f898f"), to=(1, .3)))
        a.path("M680 150C590 290 568 440 566 550L590 540C590 430 610 290 680 150Z", "#fff", op=.8)
        a.solid(upper, red, "h", strength=1.1)
        a.path("M496 760C466 840 456 940 444 1030", "none", stroke="#e9b98a", w=16, stroke_linecap="round")
        a.line("M540 700q30 -20 40 16t34 14 30 20", "#8d969c", 12)
        a.circ(612, 566, 50, a.metal("#8d969c", (1, 1)))
        a.circ(612, 566, 30, a.slab("#c9a24a", .5, .3))
        a.path(star(612, 566, 18, 15, 3), dark(BRASS, .5))
    # a cut rose
    a.line("M250 1060Q200 800 300 470", a.ink, 20, op=.2, tf="translate(12 16)")
    a.line("M250 1060Q200 800 300 470", "#4f8045", 18)
    a.ell(251, 1062, 15, 8, "#dcebc0", tf="rotate(-20 251 1062)")
    d = leaf(226, 850, 150, 76, -160) + leaf(228, 780, 150, 76, -14) + leaf(252, 640, 120, 60, 200)
    a.path(d, a.ink, op=.2, tf="translate(10 14)")
    a.path(d, "#5f9150")
    a.line("M226 850L110 810M228 780L350 752M252 640L160 606", "#3f6f3c", 5)
    a.path("M230 930l-22 -14 26 -8zM236 720l28 -10 -24 -10z", "#8a5a4a")
    a.circ(318, 386, 128, a.ink, op=.22, filter=a.blur(12))
    for i in range(5):
        t = math.radians(i * 72 - 50)
        a.circ(304 + 62 * math.cos(t), 370 + 62 * math.sin(t), 76, a.slab(("#e0708a", "#d95a78")[i % 2], .25, .2))
    for r, c in ((84, "#e8869a"), (62, "#d65874"), (42, "#e57a92"), (22, "#b83a58")):
        a.circ(304 + (84 - r) * .12, 370 + (84 - r) * .1, r, a.slab(c, .2, .15))
    a.line("M250 350q20 -60 84 -50M360 400q-10 50 -70 50M280 370q6 -34 44 -24", "#b83a58", 6, op=.6)


@pic("wren-bird-house", CAT, 1, "wall")
def bird_house(a):
    a.line(crv([(-20, 930), (240, 985), (620, 975), (980, 1000), (1230, 950)]), "#6b4f38", 46)
    a.line(crv([(-20, 918), (240, 972), (620, 962), (980, 988), (1230, 938)]), "#8d6b4c", 14)
    d = "".join(leaf(x, y, s, s * .5, t) for x, y, s, t in ((90, 950, 130, -70), (160, 970, 120, -120), (60, 960, 110, 60), (1040, 985, 130, -60), (1120, 975, 120, -110), (1090, 990, 120, 60), (960, 1000, 100, 80)))
    a.path(d, "#6f9a55")
    wood = "#c79a68"
    house = "M330 480L600 300 870 480V950H330Z"
    a.drop(house, 20, 20, .3, 16)

    def planks():
        a.line("M330 590H870M330 720H870M330 850H870", dark(wood, .4), 6)
        a.line("".join(f"M330 {y}q130 {k} 270 0t270 4" for y, k in ((520, 18), (556, -14), (630, 20), (676, -16), (760, 14), (800, -18), (890, 16), (924, -10))), dark(wood, .3), 4, op=.5)
        a.ell(440, 660, 20, 10, dark(wood, .35), op=.6)
        a.ell(760, 800, 24, 11, dark(wood, .35), op=.6)
        a.path("M330 480L600 300 870 480V530L600 350 330 530Z", a.ink, op=.25)
    a.solid(house, wood, "d", planks)
    a.circ(600, 580, 96, dark(wood, .25))
    a.circ(600, 580, 82, a.rad((0, "#1a1013"), (1, "#3a2620"), at=(.6, .6), r=.6))
    a.line("M604 730V776", dark(wood, .6), 26)
    a.circ(602, 748, 17, light(wood, .3))
    for d, c in (("M600 210L250 450Q226 470 246 496L270 520 600 296Z", "#7a8f86"), ("M600 210L950 450Q974 470 954 496L930 520 600 296Z", "#5f756c")):
        a.solid(d, c, "d", strength=.8)
    a.line("M600 214L264 446", "#a9bdb3", 8)
    for x, y in ((352, 560), (848, 560), (352, 900), (848, 900)):
        a.circ(x, y, 8, "#6d5a4a")
    # the tenant
    with a.g(tf="translate(730 690) scale(1.1)"):
        a.path("M70 10L150 -70 166 -40 90 50Z", "#6b4630")
        a.path("M-86 -40C-80 -96 -10 -104 20 -60C60 -40 110 0 90 50C70 100 -20 100 -50 60C-74 30 -90 0 -86 -40Z", a.slab("#a5673f", .25, .25))
        a.path("M-78 -10C-60 40 -30 84 30 84C0 96 -34 84 -50 60C-68 36 -80 20 -78 -10Z", "#f1dcbc")
        a.path("M10 -20C60 -20 90 10 96 40C60 60 20 40 10 -20Z", "#7a4a2c")
        a.line("M30 0l46 20M34 16l34 14", "#c9936a", 5)
        a.path("M-84 -48L-128 -36 -82 -26Z", "#e2a23a")
        a.circ(-50, -52, 10, "#1d1416")
        a.circ(-53, -56, 3.5, "#fff")
        a.path("M-66 -74Q-40 -84 -16 -70", "none", stroke="#f1dcbc", w=8, stroke_linecap="round")
        a.line("M-10 90L-30 118M20 90L6 120", "#5a3a26", 7)
    a.line("M604 806H780", dark(wood, .55), 20)
    a.line("M604 802H780", light(wood, .1), 12)


@pic("macrame-plant-hanger", CAT, 2, "wall")
def macrame(a):
    rope = "#f3e6cc"
    a.circ(600, 96, 34, "none", stroke=a.metal(BRASS), w=16)
    ropes = ("M586 190C540 330 400 460 372 640", "M614 190C660 330 800 460 828 640", "M596 190C580 330 540 460 520 660", "M604 190C620 330 660 460 680 660")
    a.line("".join(ropes), "#b89c70", 26)
    a.line("".join(ropes), rope, 20)
    a.line("".join(ropes), "#cbb286", 20, stroke_dasharray="4 9", stroke_linecap="butt")
    a.path(rrect(566, 120, 68, 90, 22), a.slab(rope, .2, .25))
    a.line("M566 140H634M566 156H634M566 172H634M566 188H634", "#b89c70", 6)
    for i, (x, y) in enumerate(((462, 428), (738, 428), (556, 460), (644, 460))):
        a.path(rrect(x - 20, y - 50, 40, 100, 18), a.slab(rope, .2, .25))
        a.line("".join(f"M{x - 20} {y - 40 + j * 20}q20 16 40 0" for j in range(1, 5)), "#b89c70", 5)
    # the plant behind the ropes' front, then the pot
    body = lathe(600, [(640, 210), (660, 212, 1), (780, 196), (870, 130), (892, 96)], .14)
    a.drop(body, 14, 20, .25, 12)

    def deco():
        a.band(600, 700, 230, 60, "#2f6a7a", .14)
        a.path("".join(poly([(x, y - 20), (x + 18 * w, y), (x, y + 20), (x - 18 * w, y)]) for x, y, w in a.ringpts(600, 732, 208, 9, .14)), "#f3d069")
    a.solid(body, "#f1ece2", deco=deco)
    a.rim(600, 640, 210, .14, "#fffaf0", "#8d7a5c", 12)
    a.ell(600, 644, 190, 20, SOIL)
    for i, (x, y, s, t) in enumerate(((600, 646, 250, -90), (560, 646, 230, -120), (640, 646, 230, -60), (520, 640, 190, -150), (680, 640, 190, -30), (600, 640, 180, -104))):
        a.path(leaf(x, y, s, 92, t), a.slab(("#4f8f55", "#6fae62", "#3f7d4a")[i % 3], .25, .15))
        r = math.radians(t)
        a.line(f"M{x} {y}l{s * .85 * math.cos(r):.0f} {s * .85 * math.sin(r):.0f}", "#c3e0a0", 5)
    for i, p in enumerate(([(470, 640), (400, 640), (370, 760), (400, 900), (370, 1020)], [(720, 640), (800, 640), (830, 740), (800, 840)], [(560, 646), (520, 700), (530, 800)])):
        a.sprig(p, (5, 4, 2)[i], "#5f9a55", 62, 44, 6)
    lines = ("M372 640C390 780 500 860 590 950", "M828 640C810 780 700 860 610 950", "M520 660C500 760 560 860 596 950", "M680 660C700 760 640 860 604 950")
    a.line("".join(lines), "#b89c70", 22)
    a.line("".join(lines), rope, 16)
    a.line("".join(lines), "#cbb286", 16, stroke_dasharray="4 9", stroke_linecap="butt")
    for x, y in ((408, 740), (792, 740)):
        a.circ(x, y, 24, a.slab(rope, .2, .3))
    a.line("".join(f"M{582 + i * 4} 970q{(i - 4.5) * 10:.0f} 70 {(i - 4.5) * 14:.0f} {150 + (i % 3) * 14}" for i in range(10)), rope, 8)
    a.path(rrect(566, 920, 68, 76, 22), a.slab(rope, .2, .25))
    a.line("M566 942H634M566 958H634M566 974H634", "#b89c70", 6)


@pic("young-olive-tree", CAT, 1, "pointed")
def olive_tree(a):
    a.shadow(600, 1030, 240)
    a.line("M596 820C580 720 620 640 596 520C590 470 560 430 530 400M598 560C620 500 660 460 690 430M596 600C600 500 606 430 600 340", "#8a7a66", 24)
    a.line("M588 820C572 720 612 640 588 530", "#b3a48e", 7)
    groups = {c: "" for c in ("#5f7358", "#7f9474", "#9db08f", "#bccab0")}
    tones = list(groups)
    for layer in range(4):
        for _ in range((36, 40, 36, 26)[layer]):
            r = 255 * math.sqrt(a.random.random()) * (1, .97, .9, .75)[layer]
            t = a.random.uniform(0, 2 * math.pi)
            x, y = 590 + r * math.cos(t) - layer * 12, 340 + r * .92 * math.sin(t) - layer * 14
            q = math.radians(math.degrees(t) + a.random.uniform(-70, 70))
            s = a.random.uniform(62, 92)
            c, n_ = s * math.cos(q), s * math.sin(q)
            u, v = -n_ * .22, c * .22
            groups[tones[layer]] += (f"M{x:.0f} {y:.0f}q{c / 2 + u:.0f} {n_ / 2 + v:.0f} {c:.0f} {n_:.0f}"
                                     f"q{-c / 2 - u:.0f} {-n_ / 2 - v:.0f} {-c:.0f} {-n_:.0f}z")
    a.path("".join(oval(590 + 150 * math.cos(i * .9), 340 + 140 * math.sin(i * .9), 96 + i % 3 * 12) for i in range(7)) + oval(590, 340, 160),
           a.lin((0, "#8ca07f"), (1, "#55684d"), to=(.6, 1)))
    for c, d in groups.items():
        a.path(d, c)
    for x, y in ((470, 420), (650, 300), (560, 500), (720, 430), (520, 250), (640, 480)):
        a.ell(x, y, 17, 23, a.rad((0, "#a9b86a"), (1, "#4f5a30"), at=(.35, .3), r=.75))
    body = lathe(600, [(800, 196), (840, 214), (940, 214), (1020, 176), (1032, 168)], .14)

    def weave():
        cell = ('<path d="M0 0h32v15H0zM32 15h32v15H32z" fill="#e6c68c"/><path d="M32 0h32v15H32zM0 15h32v15H0z" fill="#b98d50"/>'
                '<path d="M0 0H64M0 15H64" stroke="#7a5a30" stroke-width="2" opacity=".6"/>')
        a.rect(380, 770, 440, 300, a.pattern(64, 30, cell))
        a.band(600, 900, 230, 44, "#fbf1de", .14, op=.8)
    a.solid(body, "#d2a868", deco=weave)
    a.rim(600, 800, 196, .14, "#dcb878", "#5f4528", 12)
    a.ell(600, 803, 178, 19, SOIL)
    a.line("M596 812C588 780 590 740 600 700", "#8a7a66", 25)
    for x, s in ((392, 1), (808, -1)):
        a.line(f"M{x} 850q{-54 * s} 6 {-34 * s} 60q{10 * s} 20 {40 * s} 8", "#a57c42", 20)
