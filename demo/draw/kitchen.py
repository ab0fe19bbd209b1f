"""Kitchen."""
import math

from .palette import (BEECH, BRASS, CHERRY, COBALT, COPPER, IRON, LEAF, OCHRE, OLIVEWOOD, TERRA,
                      WALNUT, dark, light, mix)
from .shapes import crv, lathe, leaf, oval, pic, poly, rrect, star

CAT = "kitchen"


@pic("olive-wood-board", CAT, 0, "table")
def board(a):
    d = "M280 330C300 270 420 262 540 270C680 280 800 256 900 300C970 340 960 560 972 720C980 880 960 960 880 984C700 1010 480 990 360 984C270 976 262 880 268 760C274 600 250 420 280 330Z"
    handle = "M520 290C540 230 536 190 540 150Q548 100 610 100T676 150C680 190 676 230 700 290Z"
    for p in (d, handle):
        a.drop(p, 22, 28, .35, 16)
    a.solid(handle, OLIVEWOOD, "d")

    def grain():
        for i in range(15):
            x = 250 + i * 54
            w = a.random.uniform(-46, 46)
            a.line(f"M{x} 240C{x + w:.0f} 460 {x - w:.0f} 640 {x + w * .6:.0f} 1010", ("#7a4c28", "#8f5c30", "#e2b97e")[i % 3],
                   a.random.uniform(5, 16), op=.55)
        for x, y in ((420, 460), (800, 800)):
            for r in (84, 62, 40, 20):
                a.ell(x, y, r * .7, r * 1.25, "none", stroke="#6b3f20", w=7, op=.6, tf=f"rotate(14 {x} {y})")
            a.ell(x, y, 10, 20, "#5a331a")
    a.solid(d, OLIVEWOOD, "d", grain)
    a.line("M280 330C250 420 274 600 268 760C262 880 270 976 360 984", "#5f4028", 14)
    a.circ(608, 166, 26, mix(a.wall, a.wall2, .5))
    a.circ(608, 166, 26, "none", stroke="#8f5c30", w=6)
    a.line("M608 160C560 60 500 40 452 70M608 172C660 70 640 20 560 16", "#7a4326", 12)
    # bread, olives and a leaf
    bread = "M470 640C440 560 560 520 690 560C820 590 860 660 820 720C770 780 500 740 470 640Z"
    a.drop(bread, 10, 16, .35, 8)
    a.solid(bread, "#d79a4e", "ball")
    for i in range(4):
        x = 540 + i * 70
        a.path(leaf(x - 34, 620 + i * 12, 96, 30, 38), "#f7e2b4")
    for x, y, c in ((420, 850, "#6f7d34"), (500, 880, "#4a3346"), (446, 920, "#86934a"), (560, 840, "#6f7d34")):
        a.ell(x + 7, y + 10, 38, 30, a.ink, op=.28)
        a.ell(x, y, 38, 30, a.rad((0, light(c, .45)), (.5, c), (1, dark(c, .45)), at=(.35, .3), r=.75))
        a.ell(x + 20, y - 6, 8, 7, dark(c, .6))
    a.sprig([(620, 950), (720, 910), (850, 900)], 4, "#7d8f55", 84, 30, 6)


@pic("copper-saucepan", CAT, 1, "round")
def saucepan(a):
    a.shadow(520, 980, 330)
    handle = "M790 620C880 580 1010 540 1120 500Q1150 510 1136 540C1030 590 900 640 800 690Z"
    a.drop(handle, 10, 20, .2, 10)
    a.solid(handle, IRON, "v", strength=1.6)
    a.circ(1106, 528, 15, a.wall2)
    a.gloss("M850 608Q980 560 1070 526", 7, .35)
    body = lathe(490, [(560, 330), (900, 322), (955, 300), (975, 280)], .14)
    hammer = a.pattern(58, 50, '<ellipse cx="18" cy="14" rx="22" ry="19" fill="#fff2dc" opacity=".22"/><ellipse cx="21" cy="17" rx="20" ry="17" fill="#7a3a1e" opacity=".2"/><ellipse cx="46" cy="38" rx="22" ry="19" fill="#fff2dc" opacity=".22"/><ellipse cx="49" cy="41" rx="20" ry="17" fill="#7a3a1e" opacity=".2"/>')
    a.path(body, a.metal(COPPER))
    a.path(body, hammer)
    a.path(body, a.shade("v", .8))
    plate = "M748 604h70q16 0 16 16v78q0 16 -16 16h-76z"
    a.solid(plate, IRON, "d")
    for x, y in ((776, 634), (800, 684), (776, 684), (800, 634)):
        a.circ(x, y, 9, COPPER)
    a.ell(490, 560, 344, 52, a.metal(light(COPPER, .25)))
    a.ell(490, 562, 322, 42, a.lin((0, "#6f6a66"), (1, "#d9d6cf"), to=(1, .4)))
    a.ell(490, 574, 290, 30, a.lin((0, "#c9472e"), (1, "#e8704a"), to=(1, 0)))
    a.path(leaf(420, 574, 84, 30, -8) + leaf(432, 576, 70, 28, 24), "#4f8a47")
    a.line("M560 566q60 -8 100 6M330 580q40 10 90 8", "#f6a27e", 6)
    a.steam(440, 460, 1.15)


@pic("basalt-mortar", CAT, 2, "pointed")
def mortar(a):
    a.shadow(600, 1000, 330, 58)
    stone = "#57585e"

    def pits(x0, y0, x1, y1, count):
        def deco():
            a.specks(x0, y0, x1, y1, count, "#2a2a30", 13, .65)
            a.specks(x0, y0, x1, y1, count // 2, "#9a9ba0", 7, .6)
        return deco
    for x in (420, 780):
        a.solid(f"M{x - 70} 840L{x - 40} 990Q{x} 1012 {x + 40} 990L{x + 70} 840Z", dark(stone, .15), "h")
    body = lathe(600, [(560, 330), (600, 336, 1), (690, 320), (810, 262), (900, 190), (930, 160)], .2)
    a.solid(body, stone, "h", pits(260, 560, 940, 960, 96))
    a.solid("M540 880L560 1016Q600 1036 640 1016L660 880Z", stone, "h", pits(540, 890, 660, 1020, 16))
    a.ell(600, 560, 330, 66, light(stone, .22))
    a.ell(600, 566, 286, 50, a.lin((0, "#25252b"), (1, "#4f5056"), to=(1, .5)))
    with a.g(clip=a.clip("M0 0H1200V566H886A286 50 0 0 1 314 566H0Z")):
        with a.g(tf="rotate(34 600 600)"):
            p = lathe(600, [(90, 58), (120, 72), (180, 66), (300, 58), (460, 74), (600, 96), (660, 80)], .3)
            a.drop(p, 20, 12, .4, 10)
            a.solid(p, light(stone, .08), "h", pits(500, 90, 700, 660, 44))
    d = [leaf(x, y, 76, 36, t) for x, y, t in ((420, 588, -16), (460, 596, 20), (520, 602, -30), (690, 590, 200))]
    a.path("".join(d), "#5f9150")
    for x, y, c in ((180, 960, "#2f2a2c"), (230, 1010, "#7d3a2c"), (300, 1040, "#3a3436"), (930, 1010, "#a8432f"), (1000, 970, "#2f2a2c"),
                    (1040, 1030, "#5a4a38"), (880, 1050, "#3a3436")):
        a.circ(x + 5, y + 7, 20, a.ink, op=.25)
        a.circ(x, y, 20, a.rad((0, light(c, .45)), (1, c), at=(.35, .3), r=.7))


@pic("harbour-kitchen-knife", CAT, 1, "table")
def knife(a):
    with a.g(tf="rotate(-38 600 600)"):
        blade = "M430 500H1000C1080 504 1130 520 1150 545C1100 640 960 694 800 700H452Q430 698 430 660Z"
        handle = "M60 520Q50 500 84 498L430 506V604L250 610C190 612 170 640 110 640Q66 640 60 600Z"
        a.drop(blade, 26, 14, .4, 14)
        a.drop(handle, 26, 14, .4, 14)
        a.path(blade, a.lin((0, "#8f999f"), (.4, "#c9d1d4"), (.72, "#a7b0b5"), (.74, "#e9eeee"), (1, "#f6f8f6")))

        def steel():
            a.line("".join(f"M430 {626 + i * 8}q90 -22 180 0t180 0 180 -6 200 -60" for i in range(3)), "#76828a", 4, op=.6)
            a.path("M430 480H760L640 720H430Z", "#fff", op=.22)
        with a.g(clip=a.clip(blade)):
            steel()
        a.line("M434 503H1000C1070 506 1110 518 1136 534", "#6a757c", 7)

        def grain():
            a.line("".join(f"M40 {y}q100 {k} 200 4t220 -6" for y, k in ((526, 16), (552, -14), (580, 20), (606, -10))), "#3f2618", 6, op=.5)
        a.solid(handle, "#7a4c30", "v", grain, 1.3)
        a.path(rrect(408, 494, 52, 124, 10), a.metal(BRASS, (0, 1)))
        for x in (150, 250, 340):
            a.circ(x, 556, 12, a.slab("#e0b65c", .5, .3))
    # a lemon in slices
    for x, y, r in ((330, 360, 128), (450, 210, 104)):
        a.drop(oval(x, y, r), 12, 16, .35, 8)
        a.circ(x, y, r, "#f2c53a")
        a.circ(x, y, r * .9, "#fff6d8")
        d = ""
        for i in range(9):
            t = math.radians(i * 40 + 10)
            p, q = t - .3, t + .3
            d += (f"M{x + 12 * math.cos(t):.0f} {y + 12 * math.sin(t):.0f}L{x + r * .8 * math.cos(p):.0f} {y + r * .8 * math.sin(p):.0f}"
                  f"Q{x + r * .9 * math.cos(t):.0f} {y + r * .9 * math.sin(t):.0f} {x + r * .8 * math.cos(q):.0f} {y + r * .8 * math.sin(q):.0f}Z")
        a.path(d, a.rad((0, "#fbe27a"), (1, "#f0bf3a")))
    a.sprig([(860, 1080), (930, 1000), (940, 900)], 5, LEAF, 60, 24, 6)
    a.sprig([(940, 1110), (1010, 1040), (1070, 930)], 5, LEAF, 60, 24, 6)


@pic("cherry-spoon-set", CAT, 0, "arch")
def spoons(a):
    a.shadow(600, 1010, 230)

    def tool(x, tilt, tone, head):
        with a.g(tf=f"rotate({tilt} 600 940)"):
            a.solid(f"M{x - 17} 900L{x - 13} 400H{x + 13}L{x + 17} 900Z", tone, "h")
            head(x, tone)

    def spoon(x, c):
        a.solid(oval(x, 300, 76, 118), c, "d")
        a.ell(x, 290, 54, 88, a.lin((0, dark(c, .35)), (1, light(c, .2)), to=(.6, 1)))

    def slotted(x, c):
        a.solid(oval(x, 270, 82, 116), c, "d")
        a.path("".join(rrect(x + k - 9, 205, 18, 130, 9) for k in (-38, 0, 38)), dark(c, .55))

    def spatula(x, c):
        a.solid(f"M{x - 66} 190Q{x} 160 {x + 66} 200L{x + 50} 380Q{x + 20} 430 {x + 13} 440H{x - 13}Q{x - 20} 430 {x - 50} 380Z", c, "d")
        a.line(f"M{x - 30} 220q-10 80 10 150M{x + 20} 214q10 80 -6 160", dark(c, .3), 5, op=.6)

    def fork(x, c):
        a.solid(f"M{x - 62} 180q14 -14 26 0V300h20V180q14 -14 28 0V300h20V180q14 -14 28 0V330Q{x + 60} 400 {x + 13} 440H{x - 13}Q{x - 62} 400 {x - 62} 330Z", c, "d")

    def ladle(x, c):
        a.solid(f"M{x - 110} 250H{x + 80}Q{x + 90} 400 {x - 15} 404Q{x - 116} 400 {x - 110} 250Z", c, "ball")
        a.ell(x - 15, 250, 96, 26, dark(c, .4))
    tool(560, -27, CHERRY, spoon)
    tool(640, 27, light(CHERRY, .12), ladle)
    tool(570, -13, light(CHERRY, .25), fork)
    tool(630, 13, dark(CHERRY, .12), slotted)
    tool(600, 0, CHERRY, spatula)
    crock = lathe(600, [(640, 200), (660, 206, 1), (690, 196), (840, 212), (960, 196), (1006, 176, 1), (1012, 172)], .13)

    def deco():
        a.path(crv([(380, 720), (440, 760), (500, 730), (560, 790), (640, 745), (720, 800), (830, 740)]) + "V600H380Z", "#3f7d84")
        a.specks(390, 640, 810, 1020, 60, "#4a3a2c", 7, .5)
        a.band(600, 965, 220, 70, "#c49a6c", .13)
    a.solid(crock, "#e9dfc8", deco=deco)
    a.line("M400 640A200 26 0 0 0 800 640", light("#3f7d84", .3), 16)
    a.gloss("M438 720q-14 120 6 210", 16, .45)


def tagine_base(a, cx, y, c, trim, s=1.0):
    body = lathe(cx, [(y, 360 * s), (y + 50 * s, 352 * s), (y + 120 * s, 270 * s), (y + 140 * s, 240 * s, 1), (y + 152 * s, 236 * s)], .13)

    def deco():
        a.band(cx, y + 40 * s, 370 * s, 44 * s, trim, .13)
        d = "".join(oval(x, yy, 15 * s * w + 2, 13 * s) for x, yy, w in a.ringpts(cx, y + 62 * s, 345 * s, 19, .13))
        a.path(d, c)
    a.solid(body, c, deco=deco)


@pic("painted-tagine", CAT, 2, "pointed")
def tagine(a):
    a.shadow(600, 1000, 370, 60)
    tagine_base(a, 600, 850, COBALT, "#f3d069")
    lid = lathe(600, [(196, 46), (216, 70), (250, 70), (286, 50, 1), (320, 56), (470, 112), (640, 200), (780, 306), (836, 344, 1), (852, 344)], .13)

    def deco():
        a.rect(240, 150, 720, 140, COBALT)
        a.band(600, 400, 380, 20, OCHRE)
        a.band(600, 430, 380, 86, COBALT)
        a.band(600, 524, 380, 16, TERRA)
        a.band(600, 650, 380, 16, TERRA)
        a.band(600, 676, 380, 92, COBALT)
        a.band(600, 784, 380, 16, OCHRE)
        for y, r, count, size in ((476, 118, 7, 30), (724, 262, 11, 40)):
            d, e = "", ""
            for x, yy, w in a.ringpts(600, y, r, count, .13):
                d += poly([(x, yy - size), (x + size * w * .8, yy), (x, yy + size), (x - size * w * .8, yy)])
                e += oval(x, yy, size * .3 * w + 1, size * .34)
            a.path(d, "#fbf1de")
            a.path(e, TERRA)
        d = "".join(f"M{x:.0f} {yy + 26:.0f}q{-22 * w:.0f} -30 0 -56q{22 * w:.0f} 26 0 56z" for x, yy, w in a.ringpts(600, 590, 186, 11, .13))
        a.path(d, "#3f8f86")
    a.solid(lid, "#fbf1de", deco=deco)
    a.gloss("M486 440Q430 580 350 700", 14, .35)


@pic("painted-tagine-2", CAT, 0, "plain")
def tagine_open(a):
    gold = "#e2a02f"
    a.shadow(860, 870, 240, 40)
    with a.g(tf="translate(330 190) scale(.78)"):
        lid = lathe(680, [(126, 46), (146, 70), (180, 70), (216, 50, 1), (250, 56), (400, 112), (570, 200), (710, 306), (790, 344, 1), (806, 344)], .13)

        def deco():
            for y, c in ((360, TERRA), (470, "#fbf1de"), (520, TERRA), (640, "#fbf1de"), (720, TERRA)):
                a.band(680, y, 380, 22, c)
            d = ""
            for x, yy, w in a.ringpts(680, 596, 226, 10, .13):
                d += star(x, yy, 34, 15, 4)
            a.path(d, "#8c3a22")
        a.solid(lid, gold, deco=deco)
    a.shadow(480, 1030, 370, 60)
    body = lathe(470, [(800, 380), (850, 372), (950, 280), (985, 250, 1), (1010, 244)], .24)

    def rim_deco():
        a.band(470, 850, 390, 30, "#fbf1de", .24)
        a.path("".join(oval(x, yy, 14 * w + 2, 10) for x, yy, w in a.ringpts(470, 866, 366, 21, .24)), TERRA)
    a.solid(body, gold, deco=rim_deco)
    a.ell(470, 800, 380, 92, light(gold, .35))
    stew = oval(470, 806, 350, 76)
    a.path(stew, a.lin((0, "#7a3a1a"), (1, "#b8652a")))
    a.path(oval(470, 812, 320, 62), "#c9762f", op=.7)
    for x, y, rx, ry in ((330, 790, 74, 34), (480, 776, 80, 36), (610, 806, 70, 32), (420, 838, 76, 30)):
        a.ell(x + 4, y + 8, rx, ry, "#5a2a14", op=.5)
        a.ell(x, y, rx, ry, a.rad((0, "#e0a06a"), (1, "#8c4a26"), at=(.35, .25), r=.8))
    for x, y in ((548, 850), (250, 820), (690, 790), (400, 770)):
        a.ell(x, y, 26, 18, a.rad((0, "#b9c26a"), (1, "#5f6b2a"), at=(.35, .3), r=.8))
    for x, y, t in ((520, 812, 0), (300, 836, 20), (640, 846, -16)):
        with a.g(tf=f"rotate({t} {x} {y})"):
            a.path(f"M{x - 50} {y}a50 34 0 0 1 100 0z", "#f2c53a")
            a.path(f"M{x - 38} {y - 3}a38 24 0 0 1 76 0z", "#fbe58e")
    a.path("".join(leaf(x, y, 44, 22, t) for x, y, t in ((450, 800, -20), (462, 806, 30), (590, 780, 200), (350, 820, -50), (700, 820, 10))), "#4f8a47")
    a.steam(430, 690, 1.05)


@pic("turned-pepper-mill", CAT, 1, "window")
def mill(a):
    a.shadow(600, 1020, 180)
    body = lathe(600, [(470, 96), (490, 112), (530, 120), (570, 96), (640, 78), (740, 92), (860, 140), (940, 160), (975, 150, 1),
                       (985, 172, 1), (1020, 172)], .14)

    def rings():
        for y, h, c in ((520, 16, WALNUT), (600, 10, WALNUT), (800, 34, WALNUT), (850, 10, WALNUT), (980, 60, WALNUT)):
            a.band(600, y, 200, h, c)
        a.line("".join(f"M{x} 460C{x - 14} 620 {x + (x - 600) // 3} 820 {x + (x - 600) // 2} 1020" for x in range(510, 700, 27)), dark(BEECH, .3), 4, op=.45)
    a.solid(body, BEECH, deco=rings)
    head = lathe(600, [(250, 40), (262, 86), (320, 132), (400, 128), (440, 92), (462, 100, 1), (476, 100)], .14)

    def head_rings():
        a.band(600, 372, 200, 18, WALNUT)
        a.line("".join(f"M{x} 240C{x + (x - 600) // 2} 330 {x} 420 {x} 480" for x in range(530, 690, 27)), dark(BEECH, .3), 4, op=.45)
    a.solid(head, light(BEECH, .08), deco=head_rings)
    a.path(lathe(600, [(462, 98), (478, 98)], .14), a.metal(BRASS))
    a.path(lathe(600, [(186, 14), (200, 34), (226, 36), (244, 20), (254, 26)], .14), a.metal(BRASS))
    a.gloss("M500 300q-20 50 -6 90M470 880q-6 30 4 56M536 640q-6 60 0 110", 12, .5)
    for x, y, c in ((260, 990, "#3a3436"), (330, 1040, "#2f2a2c"), (850, 1010, "#5a4a38"), (930, 1050, "#2f2a2c"), (400, 1080, "#7d3a2c"),
                    (780, 1070, "#3a3436"), (960, 990, "#3a3436")):
        a.circ(x + 4, y + 6, 17, a.ink, op=.25)
        a.circ(x, y, 17, a.rad((0, light(c, .5)), (1, c), at=(.35, .3), r=.7))


@pic("iron-skillet", CAT, 2, "tiles")
def skillet(a):
    with a.g(tf="rotate(-42 600 600)"):
        handle = "M860 556L1080 540Q1150 540 1150 600T1080 660L860 644Z"
        lips = "M520 276Q575 262 600 236Q625 262 680 276ZM520 924Q575 938 600 964Q625 938 680 924Z"
        pan = oval(600, 600, 340)
        a.drop(pan + handle + lips, 10, 44, .5, 18)
        a.solid(handle, IRON, "v", strength=1.5)
        a.path(rrect(1060, 572, 56, 56, 28), mix(a.wall, a.wall2, .6))
        a.path(lips, "#4b4c54")
    a.circ(600, 600, 340, a.slab("#54555d", .2, .4))
    a.circ(600, 600, 308, a.lin((0, "#1d1e23"), (1, "#43444c"), to=(1, 1)))
    a.circ(600, 600, 292, a.rad((0, "#33343b"), (1, "#26272d")))
    a.path("M350 520A262 262 0 0 1 500 360L512 382A240 240 0 0 0 374 528Z", "#fff", op=.13)
    egg = "M450 600C420 500 520 420 610 440C720 430 800 500 780 600C800 700 720 770 620 750C520 780 440 700 450 600Z"
    a.path(egg, "#e9c48a", tf="translate(3 5)")
    a.path(egg, a.rad((0, "#fffdf5"), (.8, "#fff8e8"), (1, "#f3dfb4")))
    a.circ(624, 594, 86, a.rad((0, "#ffd65a"), (.6, "#f7a928"), (1, "#d9801a"), at=(.38, .32), r=.75))
    a.ell(594, 558, 24, 14, "#fff6d0", op=.85, tf="rotate(-30 594 558)")
    a.sprig([(410, 800), (500, 790), (590, 820), (700, 810)], 6, "#6f9152", 40, 18, 5)
    a.line("".join(f"M{a.random.randint(520, 740)} {a.random.randint(480, 720)}h0" for _ in range(18)), "#2f2a2c", 9)
    a.line("M400 420q20 -10 34 6M760 770q24 -4 30 16M430 690q8 20 -4 34", "#8d7a4a", 10, op=.5)


@pic("masala-spice-box", CAT, 0, "tiles")
def spice_box(a):
    a.drop(oval(600, 600, 430), 30, 40, .45, 24)
    a.circ(600, 600, 430, a.metal(BRASS, (1, .8)))
    a.circ(600, 600, 404, a.lin((0, "#7d8388"), (1, "#e3e7e8"), to=(1, 1)))
    a.circ(600, 600, 392, a.lin((0, "#a9b0b4"), (1, "#cfd5d6"), to=(1, 1)))
    spices = ["#c7362b", "#e3a024", "#7a4a2a", "#8f9a45", "#b85f2a", "#f0d9a4", "#5a3a30"]
    spots = [(600, 600)] + [(600 + 262 * math.cos(math.radians(t)), 600 + 262 * math.sin(math.radians(t))) for t in range(-90, 270, 60)]
    for i, (x, y) in enumerate(spots):
        c = spices[i]
        a.circ(x + 8, y + 12, 124, a.ink, op=.28)
        a.circ(x, y, 124, a.metal("#c3cacd", (1, 1)))
        a.circ(x, y, 110, dark(c, .35))
        a.circ(x, y, 108, a.rad((0, light(c, .28)), (.6, c), (1, dark(c, .3)), at=(.42, .38), r=.62))
        d = ""
        for _ in range(26):
            r, t = 96 * math.sqrt(a.random.random()), a.random.uniform(0, 6.28)
            d += f"M{x + r * math.cos(t):.0f} {y + r * math.sin(t):.0f}" + ("l14 9", "h0", "h0", "l10 -12", "h0", "l3 13", "h0")[i]
        a.line(d, (dark(c, .35), light(c, .4), dark(c, .4), dark(c, .35), light(c, .35), dark(c, .25), light(c, .3))[i], 8, op=.75)
    with a.g(tf="rotate(-58 640 560)"):
        a.line("M560 572H940", a.ink, 20, op=.25)
        a.line("M550 560H930", a.lin((0, "#f4f6f6"), (1, "#8d9498")), 1)
        a.path(rrect(540, 551, 400, 20, 10), a.lin((0, "#f7f9f9"), (1, "#7d858a")))
        a.ell(520, 561, 64, 44, a.lin((0, "#f7f9f9"), (1, "#848c90"), to=(1, 1)))
        a.ell(518, 560, 48, 31, "#8a2a22")
        a.ell(512, 555, 34, 20, "#d9483a")
