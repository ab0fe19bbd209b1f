"""Leather & Bags."""
import math

from .palette import BRASS, CHESTNUT, LEATHER, MADDER, TAN, TERRA, dark, light, mix
from .shapes import lathe, leaf, oval, pic, rrect, star

CAT = "bags"


def stitch(a, d, colour="#f3deb4", w=5, dash="16 11", **kw):
    a.line(d, colour, w, stroke_dasharray=dash, stroke_linecap="butt", **kw)


def buckle(a, x, y, w, h):
    a.path(rrect(x, y, w, h, 10), "none", stroke=dark(BRASS, .4), w=15, tf="translate(2 4)")
    a.path(rrect(x, y, w, h, 10), "none", stroke=a.metal(BRASS, (1, 1)), w=12)
    a.line(f"M{x + w / 2} {y + 6}v{h - 4}", "#e6c46f", 9)


@pic("station-weekender", CAT, 0, "arch")
def weekender(a):
    a.shadow(600, 990, 430, 66)
    a.line("M410 520C410 240 780 240 790 520", dark(LEATHER, .5), 36)
    d = "M180 560C180 500 250 474 330 470H870C950 474 1020 500 1020 560L1040 900C1042 960 1010 984 960 984H240C190 984 158 960 160 900Z"

    def deco():
        a.path("M150 820Q600 850 1050 820V1000H150Z", dark(CHESTNUT, .12))
        stitch(a, "M150 832Q600 862 1050 832")
        for x in (300, 900):
            a.path(f"M{x - 130 if x < 600 else x + 130} 440Q{x} 700 {x - 130 if x < 600 else x + 130} 1000H{100 if x < 600 else 1100}V440Z", dark(TAN, .14))
        a.line("M236 520Q300 740 250 990M964 520Q900 740 950 990", dark(TAN, .5), 6, op=.6)
        a.path("M200 560Q600 610 1000 560V520H200Z", a.ink, op=.12)
    a.solid(d, TAN, "ball", deco, .8)
    a.line("M250 508Q600 460 950 508", dark(TAN, .6), 22)
    a.line("M260 506Q600 460 940 506", BRASS, 8, stroke_dasharray="6 6", stroke_linecap="butt")
    a.path("M930 490h50q14 0 14 20v44h-26v-34h-38z", a.metal(BRASS))
    for x in (385, 755):
        strap = f"M{x} 470H{x + 62}V984H{x}Z"
        a.solid(strap, CHESTNUT, "h", strength=.9)
        stitch(a, f"M{x + 10} 480V980M{x + 52} 480V980")
        buckle(a, x - 8, 650, 78, 64)
        for y in (760, 790, 820):
            a.circ(x + 31, y, 6, dark(CHESTNUT, .6))
    a.line("M416 560C400 250 800 250 786 560", dark(CHESTNUT, .45), 44)
    a.line("M412 556C398 242 798 242 782 556", CHESTNUT, 34)
    a.gloss("M436 440C466 330 560 318 620 320", 8, .4)
    a.path("M530 292Q600 276 670 292L664 372Q600 352 536 372Z", a.slab(dark(CHESTNUT, .15), .25, .25))
    stitch(a, "M546 302L550 356M654 302L650 356")
    for x in (416, 786):
        a.circ(x, 560, 13, a.slab(BRASS, .5, .3))
    for x in (230, 970):
        a.path(rrect(x - 24, 972, 48, 24, 8), a.metal(BRASS))
    a.gloss("M214 590q-16 110 -18 190", 16, .35)


def tote(a, handle_y):
    a.shadow(600, 1010, 330, 60)
    a.line(f"M430 520C430 {handle_y + 40} 770 {handle_y + 40} 770 520", dark(LEATHER, .4), 32)
    return "M250 460H950L912 990Q908 1014 880 1014H320Q292 1014 288 990Z"


def tote_front(a, d, cloth, deco, handle_y):
    def inner():
        a.rect(200, 440, 800, 600, a.pattern(10, 10, '<path d="M0 2h10M2 0v10" stroke="#3a2a20" stroke-width="1.8" opacity=".16"/>'))
        deco()
        a.line("M330 470Q360 720 340 1010M880 470Q850 760 866 1010", a.ink, 30, op=.14, filter=a.blur(12))
    a.solid(d, cloth, "d", inner)
    a.line("M252 500H948", dark(cloth, .35), 4)
    stitch(a, "M254 512H946", dark(cloth, .4), 4, "10 8")
    for x in (420, 780):
        a.solid(f"M{x - 26} 470H{x + 26}V660L{x} 690L{x - 26} 660Z", LEATHER, "h")
        stitch(a, f"M{x - 16} 486V654L{x} 674L{x + 16} 654V486")
        a.circ(x, 632, 9, a.slab(BRASS, .5, .3))
    a.line(f"M420 500C400 {handle_y} 800 {handle_y} 780 500", dark(LEATHER, .35), 40)
    a.line(f"M417 500C398 {handle_y - 6} 798 {handle_y - 6} 777 500", LEATHER, 30)
    stitch(a, f"M417 500C398 {handle_y - 6} 798 {handle_y - 6} 777 500", w=4)


@pic("market-tote", CAT, 1, "round")
def market_tote(a):
    d = tote(a, 150)
    # the shopping looks out
    with a.g(tf="rotate(17 760 400)"):
        bread = "M690 150C690 80 810 80 810 150V560H690Z"
        a.solid(bread, "#d99a4c", "h")
        a.path("".join(f"M704 {y}Q760 {y + 30} 800 {y - 30}L796 {y}Q760 {y + 50} 706 {y + 34}Z" for y in (190, 280, 370)), "#f7e2b4")
    for x, y, s, t in ((400, 500, 330, -112), (450, 500, 380, -90), (520, 500, 340, -74), (370, 500, 260, -132), (580, 500, 280, -60)):
        c = ("#3f7d45", "#5f9a4f")[x % 20 == 0]
        a.path(leaf(x, y, s, 150, t), a.slab(c, .25, .15))
        r = math.radians(t)
        a.line(f"M{x} {y}l{s * .85 * math.cos(r):.0f} {s * .85 * math.sin(r):.0f}", "#bcd99a", 7)
    a.circ(650, 440, 74, a.rad((0, "#ffb27a"), (.6, "#e0562f"), (1, "#9c2f1c"), at=(.35, .3), r=.75))
    a.path(star(650, 380, 34, 10, 5), "#3f7d45")
    tote_front(a, d, "#efe3cb", lambda: [a.circ(600, 850, 92, MADDER), a.path(star(600, 850, 76, 36), "#efe3cb"),
                                        a.circ(600, 850, 20, MADDER)], 150)


@pic("market-tote-2", CAT, 2, "pointed")
def brick_tote(a):
    d = tote(a, 120)
    a.ell(600, 462, 350, 16, dark("#b5523c", .5))
    tote_front(a, d, "#b5523c", lambda: [a.rect(200, 760, 800, 110, "#f1dfc2"), a.rect(200, 890, 800, 18, "#f1dfc2"),
                                        a.rect(200, 722, 800, 18, "#f1dfc2")], 120)


@pic("fold-card-wallet", CAT, 2, "table")
def wallet(a):
    with a.g(tf="rotate(-10 600 600)"):
        note = rrect(270, 250, 620, 220, 8)
        a.drop(note, 4, 10, .3, 6)
        a.path(note, "#b9cfa8")
        a.path(rrect(290, 268, 580, 180, 6), "none", stroke="#6f8f68", w=5)
        a.circ(420, 350, 46, "#8fae86")
        d = "M190 330Q190 304 216 304H984Q1010 304 1010 330V890Q1010 916 984 916H216Q190 916 190 890Z"
        a.drop(d, 22, 30, .42, 18)
        a.solid(d, CHESTNUT, "d", lambda: a.specks(190, 304, 1010, 916, 60, dark(CHESTNUT, .4), 6, .35), .8)
        a.rect(586, 304, 28, 612, a.lin((0, a.ink, .05), (.5, a.ink, .45), (1, a.ink, .05), to=(1, 0)))
        for side in (226, 634):
            for i, c in enumerate((("#e9b24a", "#3f7d84", "#d9604e") if side < 500 else ("#6d5aa0", "#f3e6cc", "#8fae5a"))):
                y = 368 + i * 106
                card = f"M{side + 12} {y + 22}q0 -22 22 -22H{side + 306}q22 0 22 22V{y + 130}H{side + 12}Z"
                a.path(card, a.slab(c, .25, .12))
                a.path(rrect(side + 40, y + 18, 46, 30, 6), light(c, .55), op=.8)
                pocket = f"M{side} {y + 66}H{side + 110}q60 36 120 0H{side + 340}V880H{side}Z"
                a.drop(pocket, 0, -5, .35, 4)
                a.path(pocket, a.slab(mix(CHESTNUT, TAN, .22 + i * .12), .12, .18))
        stitch(a, rrect(206, 320, 372, 580, 16), w=6, dash="18 12")
        stitch(a, rrect(622, 320, 372, 580, 16), w=6, dash="18 12")


@pic("made-to-order-belt", CAT, 0, "plain")
def belt(a):
    a.shadow(560, 960, 400, 74)
    brown = "#8a4d2a"
    k = .3
    for i in range(6):
        r = 360 - i * 56
        y = 640 + i * 2
        back = f"M{560 - r} {y}A{r} {r * k:.0f} 0 0 1 {560 + r} {y}V{y + 190}A{r} {r * k:.0f} 0 0 0 {560 - r} {y + 190}Z"
        a.path(back, a.lin((0, dark(brown, .2)), (.5, dark(brown, .5)), (1, dark(brown, .3)), to=(1, 0)))
        a.line(f"M{560 - r} {y}A{r} {r * k:.0f} 0 0 1 {560 + r} {y}", light(brown, .25), 9)
    for i in range(5, 0, -1):
        r = 360 - i * 56
        y = 640 + i * 2
        a.path(f"M{560 - r} {y}A{r} {r * k:.0f} 0 0 0 {560 + r} {y}V{y + 120}H{560 - r}Z", a.lin((0, light(brown, .1)), (1, dark(brown, .45)), to=(1, 0)))
        a.line(f"M{560 - r} {y}A{r} {r * k:.0f} 0 0 0 {560 + r} {y}", light(brown, .3), 9)
    front = "M200 640A360 108 0 0 0 920 640V840A360 108 0 0 1 200 840Z"
    a.path(front, a.lin((0, dark(brown, .25)), (.25, light(brown, .35)), (.5, brown), (1, dark(brown, .45)), to=(1, 0)))
    a.line("M200 640A360 108 0 0 0 920 640", light(brown, .4), 9)
    stitch(a, "M204 672A356 106 0 0 0 916 672", "#e9c48a", 6)
    stitch(a, "M204 816A356 106 0 0 0 916 816", "#e9c48a", 6)
    # the free end runs off to the right with the buckle on it
    tail = "M560 748C700 748 860 712 1010 770V962C860 910 700 948 560 948Z"
    a.drop(tail, 6, 18, .3, 10)
    a.path(tail, a.lin((0, light(brown, .2)), (.6, brown), (1, dark(brown, .2)), to=(1, 0)))
    stitch(a, "M570 776C700 776 860 742 1004 796M570 920C700 920 860 884 1004 934", "#e9c48a", 6)
    for x, y in ((640, 848), (720, 843), (800, 836)):
        a.ell(x, y, 11, 14, dark(brown, .7))
    a.solid("M860 716L906 720V936L860 926Z", dark(brown, .1), "h")
    frame = "M970 730Q970 706 996 712L1104 740Q1126 748 1126 772V976Q1126 1000 1102 996L994 972Q970 966 970 944Z"
    a.path(frame, "none", stroke=dark(BRASS, .5), w=40, tf="translate(3 7)", stroke_linejoin="round")
    a.path(frame, "none", stroke=a.metal(BRASS, (1, 1)), w=34, stroke_linejoin="round")
    a.line("M980 848L1120 880", dark(BRASS, .5), 26, tf="translate(2 5)")
    a.line("M980 848L1122 880", "#dcb458", 22)
    a.gloss("M986 738l0 160", 6, .6)


@pic("roll-top-backpack", CAT, 1, "window")
def backpack(a):
    a.shadow(600, 1020, 300, 56)
    moss = "#5f7048"
    a.line("M360 420C250 520 260 800 330 960M840 420C950 520 940 800 870 960", dark(LEATHER, .3), 46)
    d = "M340 390C330 340 380 320 430 320H770C820 320 870 340 860 390L892 940Q896 1016 820 1018H380Q304 1016 308 940Z"

    def wax():
        a.rect(280, 300, 640, 740, a.pattern(9, 9, '<path d="M0 9L9 0" stroke="#20281a" stroke-width="1.8" opacity=".22"/>'))
        a.line("M430 420q40 120 -20 260M780 400q-30 120 20 240M380 900q60 -30 60 -120", "#dfe6c0", 12, op=.16, filter=a.blur(5))
        a.path("M300 930Q600 960 900 930V1030H300Z", LEATHER)
        stitch(a, "M300 946Q600 976 900 946")
    a.solid(d, moss, "h", wax, .9)
    roll = "M300 250Q300 178 372 178H828Q900 178 900 250T828 330H372Q300 330 300 250Z"
    a.drop(roll, 0, 20, .35, 10)
    a.solid(roll, light(moss, .06), "v", strength=1.5)
    a.line("M330 226H870M322 276H878", dark(moss, .45), 5, op=.7)
    a.ell(318, 252, 22, 62, dark(moss, .25))
    a.line("M318 216a16 34 0 1 1 -2 66a10 22 0 1 1 4 -44", light(moss, .3), 5)
    a.line("M520 186C520 90 680 90 680 186", LEATHER, 26)
    for x in (430, 720):
        a.solid(f"M{x} 172H{x + 52}V620L{x + 26} 650L{x} 620Z", LEATHER, "h")
        stitch(a, f"M{x + 9} 190V616M{x + 43} 190V616")
        buckle(a, x - 8, 440, 68, 58)
        for y in (530, 560, 590):
            a.circ(x + 26, y, 5, dark(LEATHER, .6))
    pocket = "M390 690H810V920Q810 946 784 946H416Q390 946 390 920Z"
    a.drop(pocket, 6, 12, .3, 8)
    a.solid(pocket, light(moss, .1), "d", strength=.8)
    stitch(a, "M404 700V916Q404 932 420 932H780Q796 932 796 916V700", "#dfe0b4", 4)
    flap = "M376 660H824V740Q824 800 760 804H440Q376 800 376 740Z"
    a.drop(flap, 4, 10, .3, 7)
    a.solid(flap, moss, "d")
    stitch(a, "M390 674V738Q390 788 442 790H758Q810 788 810 738V674", "#dfe0b4", 4)
    a.path(rrect(574, 780, 52, 70, 10), a.slab(LEATHER))
    a.circ(600, 824, 13, a.slab(BRASS, .5, .3))


@pic("babouche-slippers", CAT, 0, "tiles")
def babouches(a):
    def slipper(tf):
        with a.g(tf=tf):
            sole = "M0 -470C70 -400 150 -250 164 -90C176 40 130 180 132 300C134 420 90 480 0 480S-134 420 -132 300C-130 180 -176 40 -164 -90C-150 -250 -70 -400 0 -470Z"
            a.drop(sole, 22, 24, .42, 14)
            a.path(sole, a.slab("#b87a24", .1, .25))
            a.path("M0 -420C60 -360 128 -240 142 -90C152 40 108 180 110 300C112 400 76 452 0 452S-112 400 -110 300C-108 180 -152 40 -142 -90C-128 -240 -60 -360 0 -420Z",
                   a.lin((0, "#8a5a34"), (.6, "#d9a66a"), (1, "#f0c890")))
            a.path("M-112 330Q0 290 112 330C112 420 76 470 0 470S-112 420 -112 330Z", a.slab("#e2a02f", .2, .2))
            a.line("M-112 330Q0 290 112 330", "#a86a1c", 7)
            a.line("M-80 366Q0 338 80 366M-66 400Q0 376 66 400", "#b87a24", 6, op=.7)
            upper = "M0 -492C76 -410 158 -254 172 -90C178 0 168 70 150 120C110 10 50 -20 0 -20S-110 10 -150 120C-168 70 -178 0 -172 -90C-158 -254 -76 -410 0 -492Z"
            a.drop(upper, 4, 14, .45, 10)
            a.solid(upper, "#e8a62c", "ball", lambda: a.line("M0 -490V-20", "#b87418", 6), .9)
            stitch(a, "M-142 72C-100 -20 -50 -46 0 -46S100 -20 142 72", "#fff0c4", 6)
            a.line("M-150 120C-110 10 -50 -20 0 -20S110 10 150 120", "#b87418", 9)
            a.path(star(0, -200, 84, 40), "#fbeccb")
            a.path(star(0, -200, 52, 24, 8, -67.5), "#a8432f")
            a.circ(0, -200, 12, "#fbeccb")
            stitch(a, oval(0, -200, 104), "#fff0c4", 5)
            a.path("".join(leaf(0, y, 54, 24, t) for y, t in ((-320, -130), (-320, -50), (-360, -90))), "#a8432f")
            a.gloss("M-120 -220q-24 70 -22 130", 13, .5)
    slipper("translate(365 630) rotate(-10)")
    slipper("translate(815 630) rotate(9)")


@pic("archive-satchel", CAT, 2, "arch")
def satchel(a):
    a.shadow(600, 1000, 400, 62)
    c = "#8f4f2c"
    a.line("M250 470C110 300 330 60 600 60S1090 300 950 470", dark(c, .35), 20)
    body = "M220 470H980L1000 930Q1002 992 940 994H260Q198 992 200 930Z"
    a.solid(body, dark(c, .22), "d")
    stitch(a, "M226 900L222 940Q222 970 262 972H938Q978 970 978 940L974 900")
    a.line("M470 400C470 290 730 290 730 400", dark(c, .5), 40)
    a.line("M468 400C468 284 728 284 728 400", light(c, .1), 30)
    flap = "M206 440Q204 390 260 388H940Q996 390 994 440L1000 720Q1000 790 930 792H270Q200 790 200 720Z"
    a.drop(flap, 6, 18, .4, 12)

    def age():
        a.specks(200, 390, 1000, 790, 50, dark(c, .4), 6, .3)
        a.path(oval(480, 520, 260, 120), "#e9a06a", op=.22, filter=a.blur(40))
        a.line("M200 470Q600 440 1000 470", a.ink, 22, op=.12, filter=a.blur(8))
    a.solid(flap, c, "d", age, 1)
    stitch(a, "M224 440V716Q224 768 276 770H924Q976 768 976 716V440", w=6)
    for x in (450, 750):
        a.path(rrect(x - 44, 362, 88, 74, 12), a.slab(dark(c, .1), .2, .2))
    for x in (330, 790):
        a.drop(f"M{x} 600H{x + 80}V900H{x}Z", 5, 8, .3, 6)
        a.solid(f"M{x} 600H{x + 80}V880L{x + 40} 922L{x} 880Z", light(c, .06), "h", strength=.8)
        stitch(a, f"M{x + 11} 610V872L{x + 40} 902L{x + 69} 872V610", w=5)
        a.path(rrect(x - 18, 800, 116, 30, 8), dark(c, .3))
        buckle(a, x - 12, 690, 104, 78)
        for y in (650, 800, 846):
            a.circ(x + 40, y, 7, dark(c, .65))
    a.gloss("M236 420H640", 9, .3)
    for x in (250, 950):
        a.circ(x, 474, 20, "none", stroke=a.metal(BRASS), w=12)


@pic("palm-market-basket", CAT, 1, "pointed")
def basket(a):
    a.shadow(600, 1010, 330, 60)
    straw = "#dcb878"
    a.line("M400 560C380 160 800 160 800 560", dark(LEATHER, .45), 30)
    for x, y, r, c in ((420, 520, 82, "#f08a2c"), (560, 490, 90, "#f49a34"), (340, 570, 70, "#e87a22"), (490, 590, 76, "#f08a2c")):
        a.circ(x, y, r, a.rad((0, "#ffd08a"), (.5, c), (1, dark(c, .3)), at=(.35, .3), r=.75))
        a.circ(x + 8, y - r * .55, 7, "#6b8a3a")
    a.path(leaf(560, 410, 120, 54, -30) + leaf(420, 450, 100, 44, -150), "#4f8a47")
    for x, y, t in ((690, 330, -90), (770, 290, -76), (850, 360, -60), (740, 430, -90), (830, 470, -66)):
        a.line(f"M730 620Q{(x + 730) / 2:.0f} {y + 130} {x} {y}", "#5d7d45", 8)
        a.path("".join(leaf(x, y, 62, 30, i * 45 + t) for i in range(8)), ("#d9587a", "#fbf1de", "#8a6ab8")[x % 3])
        a.circ(x, y, 17, "#f2c23a")
    a.path(leaf(760, 560, 130, 46, -20) + leaf(720, 560, 120, 44, -130), "#6f9152")
    body = lathe(600, [(570, 352), (640, 350), (800, 316), (940, 256), (1000, 214, 1), (1012, 206)], .13, "front")
    body = body.rsplit("A", 1)[0] + "A352 46 0 0 1 248 570Z"

    def weave():
        plait = ('<path d="M0 0L28 22V44L0 22Z" fill="#e9cb92"/><path d="M56 0L28 22V44L56 22Z" fill="#c79b58"/>'
                 '<path d="M0 0L28 22 56 0M28 22V44" stroke="#8f6a34" stroke-width="2.5" fill="none" opacity=".7"/>')
        a.rect(230, 540, 760, 520, a.pattern(56, 34, plait, "scale(1 .98)"))
        for y, c in ((700, TERRA), (738, "#fbf1de")):
            a.path("".join(f"M{x:.0f} {yy:.0f}l{24 * w + 3:.0f} 16 {-24 * w - 3:.0f} 16 {-24 * w - 3:.0f} -16z" for x, yy, w in a.ringpts(600, y, 342, 19, .13)), c)
    a.solid(body, straw, "h", weave, 1)
    a.line("M248 570A352 46 0 0 0 952 570", "#a57c42", 34)
    a.line("M248 566A352 46 0 0 0 952 566", light(straw, .2), 22, stroke_dasharray="20 5", stroke_linecap="butt")
    a.line("M400 606C360 120 840 120 800 606", dark(LEATHER, .3), 40)
    a.line("M397 606C357 114 837 114 797 606", LEATHER, 30)
    stitch(a, "M397 606C357 114 837 114 797 606", w=4)
    for x in (398, 798):
        a.path(rrect(x - 30, 590, 60, 100, 14), a.slab(LEATHER, .2, .25))
        stitch(a, rrect(x - 20, 600, 40, 80, 8), w=4, dash="9 7")
