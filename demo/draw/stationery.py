"""Stationery."""
import math

from .palette import BRASS, CHERRY, COBALT, INDIGO, MADDER, PINE, PLUM, TEAL, dark, light, mix
from .shapes import crv, lathe, leaf, oval, pic, rrect, star

CAT = "stationery"


@pic("hand-bound-notebook", CAT, 0, "table")
def notebook(a):
    with a.g(tf="rotate(-8 600 600)"):
        d = rrect(280, 170, 640, 860, 26)
        a.drop(d, 26, 30, .42, 18)
        a.path(rrect(296, 184, 636, 858, 20), "#f4ead2")
        a.line("M930 210V1030M924 1036H320", "#cdbd98", 4)
        a.line("M700 1020V1110l20 -22 20 22V1020", MADDER, 10)
        a.path("M690 1000H740V1120L715 1092 690 1120Z", MADDER)

        def marble():
            a.rect(280, 170, 640, 860, "#2f6a7a")
            tones = ["#e9d9b8", "#d9713f", "#1d4657", "#f0b352", "#7fb5b0"]
            for i in range(22):
                y = 120 + i * 44
                p = [(260 + j * 110, y + 46 * math.sin(j * 1.7 + i * .55) + a.random.uniform(-14, 14)) for j in range(7)]
                a.line(crv(p), tones[i % 5], (15, 9, 20, 6, 11)[i % 5], op=.85)
        a.solid(d, "#2f6a7a", "d", marble, .8)
        spine = "M306 170H430V1030H306Q280 1030 280 1004V196Q280 170 306 170Z"
        a.path(spine, "#a8432f")
        a.path(spine, a.pattern(8, 8, '<path d="M0 2h8M2 0v8" stroke="#5a1d14" stroke-width="1.6" opacity=".4"/>'))
        a.path(spine, a.lin((0, "#fff", .25), (.3, "#fff", 0), (1, "#2a0f0a", .3), to=(1, 0)))
        a.rect(430, 170, 10, 860, a.ink, op=.25)
        for x, y in ((860, 170), (860, 970)):
            a.path(f"M920 {170 if y < 500 else 1030}h-86L920 {256 if y < 500 else 944}Z", "#a8432f")
        label = rrect(540, 300, 280, 170, 14)
        a.path(label, "#fbf4e2")
        a.path(rrect(552, 312, 256, 146, 8), "none", stroke=BRASS, stroke_width=4)
        a.line("M590 372H770M590 412H720", "#c9b68c", 6)
        a.rect(838, 166, 26, 872, "#27222b")
        a.rect(838, 166, 8, 872, "#fff", op=.18)


@pic("hand-bound-notebook-2", CAT, 1, "tiles")
def notebook_open(a):
    with a.g(tf="rotate(5 600 600)"):
        cover = rrect(100, 250, 1000, 700, 24)
        a.drop(cover, 22, 32, .42, 18)
        a.path(cover, "#2f6a7a")
        dots = a.pattern(36, 36, '<circle cx="18" cy="18" r="3.4" fill="#9a8a68" opacity=".7"/>', "translate(6 20)")
        for i in range(4):
            a.path(f"M600 {282 - i * 5}Q360 {236 - i * 5} {122 + i * 5} {270 - i * 2}V{930 - i * 3}Q360 {892 - i * 3} 600 {936 - i * 5}Q840 {892 - i * 3} {1078 - i * 5} {930 - i * 3}V{270 - i * 2}Q840 {236 - i * 5} 600 {282 - i * 5}Z",
                   ("#cfc0a0", "#f3e8ce", "#d6c8a8", "#fbf5e4")[i])
        page = "M600 267Q360 221 137 264V921Q360 883 600 921Q840 883 1063 921V264Q840 221 600 267Z"
        a.path(page, dots)
        a.path("M600 267Q500 244 440 246V888Q500 890 600 921Z", a.lin((0, a.ink, 0), (1, a.ink, .3), to=(1, 0)))
        a.path("M600 267Q680 246 740 246V888Q680 892 600 921Z", a.lin((0, a.ink, .25), (1, a.ink, 0), to=(1, 0)))
        # a pressed sketch on the left page
        a.line(crv([(300, 800), (330, 640), (310, 480), (350, 350)]), "#5f7f56", 7)
        a.path("".join(leaf(x, y, 90, 36, t) for x, y, t in ((322, 700, -40), (326, 660, 210), (314, 560, -30), (312, 520, 215), (330, 420, -20), (338, 390, 220), (350, 360, -80))), "#86a878", op=.85)
        a.line("M190 340h84M190 376h60", "#b9a988", 7)
        a.line("M680 350q60 -14 120 0t120 0M680 400q50 -12 100 0t160 -2M680 450q60 -12 100 0t70 0", "#6f86a8", 6, op=.8)
        a.path("M612 250h22v690l-11 60 -11 -60z", MADDER)
    with a.g(tf="rotate(-52 720 690)"):
        pencil(a, 470, 660, 520, "#e2a02f")


def pencil(a, x, y, length, colour, w=46):
    """A pencil lying flat, its point to the right."""
    end = x + length
    d = f"M{x} {y}H{end}L{end + 92} {y + w / 2}L{end} {y + w}H{x}Z"
    a.drop(d, 8, 16, .35, 8)
    third = w / 3
    for i, c in enumerate((light(colour, .35), colour, dark(colour, .25))):
        a.path(f"M{x + 50} {y + third * i:.0f}H{end}q14 {third / 2:.0f} 0 {third:.0f}H{x + 50}Z", c)
    a.path(f"M{end} {y}L{end + 92} {y + w / 2}L{end} {y + w}q16 {-third / 2:.0f} 0 {-third:.0f}q16 {-third / 2:.0f} 0 {-third:.0f}q16 {-third / 2:.0f} 0 {-third:.0f}Z",
           a.lin((0, "#f3d9ac"), (1, "#c9985c")))
    a.path(f"M{end + 62} {y + w / 2 - 7.5}L{end + 92} {y + w / 2}L{end + 62} {y + w / 2 + 7.5}Z", "#37343c")
    a.path(f"M{x + 50} {y}h40v{w}h-40z", a.metal(BRASS, (0, 1)))
    a.path(f"M{x + 50} {y}H{x + 16}Q{x} {y} {x} {y + w / 2}T{x + 16} {y + w}H{x + 50}Z", a.lin((0, "#f0a0a0"), (1, "#c2666c")))


@pic("thistle-fountain-pen", CAT, 2, "table")
def pen(a):
    a.line("M140 330C240 200 330 460 420 320S560 250 620 330S760 400 860 280", "#2c4a8a", 9)
    a.line("M860 280q60 -50 110 -10", "#2c4a8a", 5)

    def swirls(x0, x1):
        def deco():
            for i in range(9):
                y = 540 + i * 18
                a.line(f"M{x0} {y}C{x0 + 140} {y - 70} {x0 + 200} {y + 80} {(x0 + x1) / 2:.0f} {y}S{x1 - 100} {y + 60} {x1} {y - 10}",
                       ("#8fd0c4", "#134a52", "#d9f0e6", "#1f6f74")[i % 4], (9, 14, 5, 10)[i % 4], op=.75)
        return deco
    with a.g(tf="rotate(-36 600 620)"):
        barrel = "M330 552Q180 556 128 600Q116 620 128 640Q180 684 330 688H760V552Z"
        section = "M776 566H880Q900 570 906 590V650Q900 670 880 674H776Z"
        nib = "M900 574C980 560 1060 590 1120 620C1060 650 980 680 900 666Z"
        for d in (barrel, section, nib):
            a.drop(d, 20, 20, .4, 12)
        a.path(nib, a.lin((0, "#fff0b8"), (.4, "#e7bd55"), (1, "#9a6a1e")))
        a.path("M900 596C960 590 1010 600 1050 612L900 650Z", "#fff", op=.3)
        a.line("M980 620H1112", "#6b4712", 4)
        a.circ(976, 620, 10, "#6b4712")
        a.solid(section, "#22232a", "v", strength=1.6)
        a.solid(barrel, TEAL, "v", swirls(110, 780), 1.7)
        a.path("M750 546h30v148h-30z", a.metal(BRASS, (0, 1)))
        a.gloss("M200 582Q400 566 730 572", 11, .6)
    with a.g(tf="rotate(-14 700 980)"):
        cap = "M460 910H860Q930 916 940 980Q930 1044 860 1050H460Z"
        a.drop(cap, 16, 20, .4, 12)
        a.solid(cap, TEAL, "v", lambda: [a.line(f"M440 {890 + i * 20}C580 {840 + i * 20} 700 {980 + i * 16} 960 {880 + i * 20}", ("#8fd0c4", "#134a52", "#d9f0e6", "#1f6f74")[i % 4], (9, 14, 5, 10)[i % 4], op=.75) for i in range(9)], 1.7)
        a.path("M456 904h36v152h-36z", a.metal(BRASS, (0, 1)))
        a.path("M520 962H880Q916 962 916 980T880 1000H540Q510 1004 510 980T520 962Z", a.ink, op=.3, tf="translate(6 12)")
        a.path("M520 962H880Q916 962 916 980T880 998H540Q510 1002 510 980T520 962Z", a.metal(BRASS, (0, 1)))


def ink_bottle(a, x, base, s, ink, fine=True):
    def p(u, v):
        return f"{x + u * s:.0f} {base + v * s:.0f}"
    glass = f"M{p(-200, -300)}Q{p(-200, -350)} {p(-140, -356)}L{p(-90, -362)}V{base - 420 * s:.0f}H{x + 90 * s:.0f}V{base - 362 * s:.0f}L{p(140, -356)}Q{p(200, -350)} {p(200, -300)}V{base - 30 * s:.0f}Q{p(200, 0)} {p(165, 0)}H{x - 165 * s:.0f}Q{p(-200, 0)} {p(-200, -30)}Z"
    a.path(glass, "#fdfdf8", op=.75)
    fill = f"M{p(-178, -250)}H{x + 178 * s:.0f}V{base - 50 * s:.0f}Q{p(178, -24)} {p(150, -24)}H{x - 150 * s:.0f}Q{p(-178, -24)} {p(-178, -50)}Z"
    a.path(fill, a.lin((0, light(ink, .2)), (.3, ink), (1, dark(ink, .45)), to=(.5, 1)))
    a.ell(x, base - 250 * s, 178 * s, 13 * s, light(ink, .35))
    a.path(glass, a.lin((0, "#fff", .65), (.16, "#fff", .06), (.8, "#fff", 0), (1, a.ink, .25), to=(1, 0)))
    a.path(glass, "none", stroke=light(ink, .55), stroke_width=5 * s, opacity=.9)
    label = f"M{p(-110, -190)}H{x + 110 * s:.0f}V{base - 70 * s:.0f}H{x - 110 * s:.0f}Z"
    a.path(label, "#fbf4e2")
    for i in range(5) if fine else (1, 2, 3):
        t = math.radians(-90 + (i - 2) * 36)
        a.path(leaf(x, base - 96 * s, 74 * s, 30 * s, math.degrees(t)), mix(ink, "#ffffff", .1 + .12 * abs(i - 2)))
    cap = lathe(x, [(base - 500 * s, 96 * s), (base - 484 * s, 104 * s), (base - 424 * s, 104 * s, 1), (base - 414 * s, 100 * s)], .14)
    a.solid(cap, "#b98a58", "h", fine and (lambda: a.specks(x - 110 * s, base - 500 * s, x + 110 * s, base - 400 * s, 22, "#7a5230", 8 * s, .6)), 1.1)
    a.gloss(f"M{p(-168, -290)}V{base - 80 * s:.0f}", 12 * s, .8)


@pic("garden-ink", CAT, 1, "arch")
def ink(a):
    a.line(crv([(150, 1090), (300, 1030), (420, 1080), (330, 1130), (260, 1085), (420, 1050), (640, 1100), (860, 1070)]), "#6a4a9c", 11)
    a.shadow(600, 990, 270)
    ink_bottle(a, 590, 990, 1.35, "#6a4a9c")
    a.line("M985 960L1085 560", dark("#6d3d24", .3), 16)
    a.shadow(990, 1000, 60, 12)
    feather = "M1075 600C1180 420 1140 240 1060 130C990 250 960 440 1050 620Z"
    a.solid(feather, "#f4ecdf", "h")
    a.line("M1064 610C1080 440 1080 290 1062 150", "#b9a888", 6)
    a.line("M1072 500l44 -56M1074 430l42 -60M1072 360l36 -54M1066 500l-44 -40M1070 420l-54 -44M1070 340l-42 -40", "#cdbfa2", 5)
    a.path("M978 940l16 4 -8 56 -14 4z", "#4b2f78")


@pic("garden-ink-2", CAT, 0, "plain")
def inks(a):
    for i, (x, base, c) in enumerate(((225, 860, "#6a4a9c"), (475, 870, "#3f8a4f"), (725, 870, "#cf3f2e"), (975, 860, "#24407c"))):
        a.shadow(x, base, 120)
        ink_bottle(a, x, base, .6, c, False)
        a.path(oval(x - 4, 1010, 70, 42) + oval(x + 66, 1050, 18, 13), a.rad((0, light(c, .12)), (.8, c), (1, light(c, .35)), at=(.6, .6), r=.6))
        a.path(f"M{x - 50} 1000q10 -18 36 -20l2 8q-20 4 -28 16z", "#fff", op=.5)


@pic("wax-seal-kit", CAT, 2, "table")
def wax_seal(a):
    with a.g(tf="rotate(-7 560 640)"):
        env = rrect(130, 400, 760, 520, 16)
        a.drop(env, 22, 28, .4, 16)
        a.path(env, a.slab("#f6ead2", .3, .1))
        a.path("M134 910L420 660H600L886 910Q880 920 870 920H150Q138 920 134 910Z", "#efe0c2")
        flap = "M134 410Q140 400 156 400H864Q880 400 886 410L540 690Q510 712 480 690Z"
        a.drop(flap, 2, 10, .25, 8)
        a.path(flap, a.lin((0, "#fdf6e6"), (1, "#eadab8")))
    seal = crv([(530 + r * math.cos(math.radians(i * 30)), 680 + r * math.sin(math.radians(i * 30)))
                for i, r in enumerate((118, 106, 122, 110, 116, 124, 108, 120, 112, 124, 106, 116))], True)
    a.drop(seal, 8, 12, .4, 8)
    a.path(seal, a.slab("#b8352e", .3, .3))
    a.circ(530, 680, 80, a.lin((0, "#7d1c1c"), (1, "#d95a48"), to=(1, 1)))
    a.circ(530, 682, 74, "#a92f2a")
    a.path(star(532, 684, 58, 27), "#7d1c1c")
    a.path(star(529, 680, 58, 27), "#d9604e")
    a.path("M440 640q24 -50 80 -64", "none", stroke="#fff", w=12, op=.45, stroke_linecap="round")
    with a.g(tf="rotate(34 880 360)"):
        handle = "M850 120Q880 90 910 120C950 170 930 230 916 280C906 330 920 370 926 400H834C840 370 854 330 844 280C830 230 810 170 850 120Z"
        brass = "M830 400H930V450H950V530H810V450H830Z"
        for d in (handle, brass):
            a.drop(d, 26, 12, .4, 12)
        a.solid(handle, CHERRY, "h", strength=1.3)
        a.path(brass, a.metal(BRASS))
        a.line("M830 424H930M812 470H948", dark(BRASS, .45), 6)
        a.path("M810 530H950V548H810Z", dark(BRASS, .4))
        a.gloss("M858 150q-16 60 0 120", 10, .5)
    for i, c in enumerate(("#b8432f", "#d9a53a", "#2f6a4f", "#6d3d66")):
        with a.g(tf=f"rotate({-24 + i * 5} 900 980)"):
            x = 760 + i * 80
            d = rrect(x, 720, 54, 360, 10)
            a.drop(d, 10, 12, .35, 8)
            a.solid(d, c, "h", strength=1.2)
            a.line(f"M{x + 27} 722q-4 -26 8 -44", "#f3e6cc", 8)


@pic("letterpress-cards", CAT, 0, "tiles")
def cards(a):
    for i, t in enumerate((-8, 6)):
        with a.g(tf=f"rotate({t} 600 860)"):
            env = rrect(270, 640, 660, 430, 10)
            a.drop(env, 12, 18, .35, 12)
            a.path(env, a.slab("#c99f6c", .15, .1))
            a.path("M270 644L600 880 930 644", "none", stroke="#8d683c", w=5)
            a.path("M274 642H926L600 872Z", "#d6b080")

    def lemon():
        a.path(leaf(610, 330, 150, 70, -30) + leaf(600, 330, 140, 66, -160), "#4f8a47")
        a.path("M600 320C700 320 760 420 740 520C730 590 650 640 620 690Q600 706 582 690C550 640 470 590 460 520C440 420 500 320 600 320Z", "#f2c230")
        a.path("M640 340C720 370 750 450 730 530C716 590 660 630 622 686C660 600 690 480 640 340Z", "#d99a1e", op=.6)
        a.line("M520 420q-20 60 0 110", "#fff3b8", 14)

    def pear():
        a.line("M600 330q4 -60 40 -80", "#6b4630", 14)
        a.path(leaf(622, 290, 130, 60, -12), "#4f8a47")
        a.path("M600 320C660 320 660 400 690 470C740 560 740 690 600 690S460 560 510 470C540 400 540 320 600 320Z", "#a9b94a")
        a.path("M640 340C670 400 680 440 700 480C740 570 730 690 600 690C700 640 690 480 640 340Z", "#7d8f32", op=.6)
        a.line("".join(f"M{a.random.randint(530, 650)} {a.random.randint(500, 650)}h0" for _ in range(16)), "#6b7a2a", 8)

    def fig():
        a.path("M600 310C620 380 740 450 740 560C740 650 680 690 600 690S460 650 460 560C460 450 580 380 600 310Z", "#6b3a6a")
        a.path("M600 400C620 440 690 500 690 570C690 630 650 654 600 654S510 630 510 570C510 500 580 440 600 400Z", "#f1d9b8")
        a.path("M600 450C616 480 656 520 656 574C656 616 630 630 600 630S544 616 544 574C544 520 584 480 600 450Z", "#c9455a")
        a.line("".join(f"M{a.random.randint(562, 638)} {a.random.randint(520, 615)}h0" for _ in range(22)), "#f7d98a", 9)
    for t, dx, dy, bg, fruit in ((-20, -210, 30, "#e7efe4", pear), (19, 210, 30, "#f6e2df", fig), (0, 0, -30, "#fbf6ea", lemon)):
        with a.g(tf=f"translate({dx} {dy}) rotate({t} 600 700)"):
            card = rrect(390, 190, 420, 590, 10)
            a.drop(card, 12, 20, .38, 12)
            a.path(card, bg)
            a.path(rrect(414, 214, 372, 542, 6), "none", stroke=dark(bg, .25), w=4)
            fruit()


@pic("cedar-pencils", CAT, 1, "pointed")
def pencils(a):
    a.shadow(600, 1010, 220)
    tones = [MADDER, "#e9c13c", TEAL, "#e8883f", INDIGO, "#8fae5a", "#d97a94", "#3f8fb0", PLUM, "#f0dcc0", PINE, "#c9552f"]
    for i, c in enumerate(tones):
        k = (i * 5) % 12
        t = (k - 5.5) * 4.6
        x = 600 + (k - 5.5) * 20
        h = 250 + (i * 37) % 90
        with a.g(tf=f"rotate({t:.1f} {x:.0f} 960)"):
            w = 19
            a.path(f"M{x - w:.0f} {h}H{x + w:.0f}V960H{x - w:.0f}Z", a.lin((0, light("#d9a06a", .45)), (.34, light("#d9a06a", .3)), (.35, "#d9a06a"), (.68, "#d9a06a"), (.69, "#b07a48"), (1, "#a06a3c"), to=(1, 0)))
            a.path(f"M{x - w:.0f} {h}q6 14 13 0q6 14 12 0q6 14 13 0L{x:.0f} {h - 84}Z", a.lin((0, "#f6e0b6"), (1, "#cf9e64"), to=(1, 0)))
            a.path(f"M{x - 6:.0f} {h - 58}L{x:.0f} {h - 84}L{x + 6:.0f} {h - 58}Z", "#37343c")
            a.path(f"M{x - w:.0f} {h + 40}h38v90h-38z", a.lin((0, light(c, .35)), (.35, light(c, .2)), (.36, c), (.68, c), (.69, dark(c, .2)), (1, dark(c, .25)), to=(1, 0)))

    def deco():
        a.rect(380, 600, 440, 460, a.pattern(84, 84, '<path d="M42 0L84 42 42 84 0 42Z" fill="#f6ead2"/><path d="M42 22L62 42 42 62 22 42Z" fill="#d9a02f"/>', "translate(12 20)"))
        a.band(600, 640, 220, 46, "#1f5f66", .14)
        a.band(600, 960, 220, 90, "#1f5f66", .14)
    front = lathe(600, [(640, 196), (660, 200, 1), (990, 200, 1), (1010, 188)], .14, "front")
    front = front.rsplit("A", 1)[0] + "A196 27.4 0 0 1 404 640Z"
    a.solid(front, "#2f7a80", deco=deco)
    a.line("M404 640A196 27 0 0 0 796 640", "#f6ead2", 10)


@pic("washi-tape-set", CAT, 2, "window")
def washi(a):
    a.shadow(590, 990, 330, 56)

    def flat_roll(cx, y, r, h, fill, base):
        d = f"M{cx - r} {y}V{y + h}A{r} {r * .26:.0f} 0 0 0 {cx + r} {y + h}V{y}Z"
        a.path(d, base)
        a.path(d, fill)
        a.path(d, a.shade("h", 1.1))
        a.ell(cx, y, r, r * .26, light(base, .5))
        a.ell(cx, y, r * .84, r * .21, "none", stroke=dark(base, .1), w=3, op=.5)
        a.ell(cx, y, r * .72, r * .18, "#b98f5c")
        a.ell(cx, y + 4, r * .66, r * .15, a.lin((0, "#6b4a2a"), (1, "#d9b384"), to=(1, .2)))
    zellige = a.pattern(60, 60, '<path d="M30 2L42 18 58 30 42 42 30 58 18 42 2 30 18 18Z" fill="#fbf6e6"/><circle cx="30" cy="30" r="8" fill="#d9a02f"/>')
    terrazzo = a.pattern(90, 70, '<path d="M8 10l16-4 4 14-14 6z" fill="#c9552f"/><path d="M46 14l20 6-8 12z" fill="#2f6a7a"/><path d="M70 44l12-8 6 14z" fill="#d9a02f"/><path d="M20 44l16 2-4 14-16-4z" fill="#4a4452"/><path d="M52 52l8-4 4 10z" fill="#c9728a"/>')
    basket = a.pattern(56, 56, '<path d="M0 6h28M0 14h28M0 22h28M34 28V0M42 28V0M50 28V0M28 34h28M28 42h28M28 50h28M6 56V28M14 56V28M22 56V28" stroke="#fbf1de" stroke-width="4"/>')
    chequer = a.pattern(48, 48, '<path d="M0 0h24v24H0zM24 24h24v24H24z" fill="#2b2330"/>')
    flat_roll(560, 860, 260, 110, zellige, COBALT)
    flat_roll(580, 744, 250, 100, terrazzo, "#f3eadb")
    flat_roll(548, 640, 240, 96, basket, "#a8693a")
    flat_roll(572, 540, 234, 92, "none", "#dca0a2")
    # one roll stands on its edge and runs out across the table
    a.shadow(930, 1050, 160, 26)
    a.path("M930 1060H380Q340 1066 350 1090L330 1098 352 1112 338 1124H900Z", "#fbf6ea")
    a.path("M930 1060H380Q340 1066 350 1090L330 1098 352 1112 338 1124H900Z", chequer)
    side = "M900 704A186 186 0 1 0 901 704ZM900 776A114 114 0 1 1 899 776Z"
    rim = "M900 704H956A186 186 0 0 1 956 1076H900A186 186 0 0 0 900 704Z"
    a.path(rim, "#fbf6ea")
    a.path(rim, chequer)
    a.path(rim, a.shade("v", 1))
    a.path(side, a.slab("#f1e8d4", .3, .2), fill_rule="evenodd")
    for r in (170, 154, 138):
        a.circ(900, 890, r, "none", stroke="#b9aa8c", w=3, op=.6)
    a.path("M900 764A126 126 0 1 0 901 764ZM900 790A100 100 0 1 1 899 790Z", "#b98f5c", fill_rule="evenodd")
    a.path("M806 860A100 100 0 0 1 994 860A126 126 0 0 0 806 860Z", a.ink, op=.3)


@pic("printable-year-planner", CAT, 0, "table")
def planner(a):
    for t, tone in ((9, "#e9dfca"), (-7, "#f3ead8")):
        with a.g(tf=f"rotate({t} 600 600)"):
            d = rrect(250, 150, 700, 900, 8)
            a.drop(d, 16, 22, .3, 14)
            a.path(d, tone)
            a.line("".join(f"M300 {y}H900" for y in range(260, 1010, 90)), "#cbbd9f", 4)
    with a.g(tf="rotate(1 600 600)"):
        d = rrect(250, 150, 700, 900, 8)
        a.drop(d, 12, 18, .35, 12)
        a.path(d, "#fffcf3")
        a.path(rrect(300, 230, 600, 110, 14), "#3f7d84")
        a.circ(362, 285, 30, "#f3c65a")
        a.path("M300 340V310q70 -50 140 -10t150 -10t160 6t150 -16v46q0 14 -14 14H314q-14 0 -14 -14z", "#2d6268")
        a.line("M620 270H850M620 304H780", "#d9efe6", 8)
        for c in range(7):
            a.path(rrect(300 + c * 87, 366, 78, 26, 8), (MADDER if c > 4 else "#e2c48a"))
        marks = {3: "#f0b352", 9: "#d97a94", 12: "#8fb57a", 17: "#f0b352", 24: "#7fb5c9", 30: "#d97a94"}
        for i in range(35):
            x, y = 300 + i % 7 * 87, 408 + i // 7 * 112
            a.path(rrect(x, y, 78, 102, 10), "#f6efdd" if i % 7 < 5 else "#f1e4d2")
            if i in marks:
                a.path(rrect(x + 8, y + 58, 62, 34, 8), marks[i])
            a.circ(x + 16, y + 18, 6, "#b9a988")
        a.path(star(300 + 3 * 87 + 39, 408 + 2 * 112 + 54, 34, 15, 5), "#e2552f")
        a.line("M486 536l20 22 38 -50", PINE, 10)
        a.line("M300 984H640M300 1012H560", "#d9ccb0", 6)
    a.path("M530 190V110Q530 80 560 80H640Q670 80 670 110V190Z", "none", stroke=a.ink, w=16, op=.25, tf="translate(8 12)")
    a.line("M530 200V110Q530 80 560 80H640Q670 80 670 110V230Q670 250 650 250H590Q570 250 570 230V130", "#8a5a34", 15)
    a.line("M528 196V110Q530 78 560 78H636", "#d9a878", 5)
    with a.g(tf="rotate(-64 960 930)"):
        pencil(a, 800, 930, 300, "#3f7d84", 40)


@pic("souk-gift-card", CAT, 1, "tiles")
def gift_card(a):
    with a.g(tf="rotate(9 600 700)"):
        env = rrect(200, 420, 820, 560, 20)
        a.drop(env, 18, 28, .4, 16)
        a.path(env, a.slab("#f6ead2", .3, .12))
        a.path("M206 430L610 740 1014 430", "none", stroke="#cdb68a", w=6)
        a.path("M206 428Q212 420 224 420H996Q1008 420 1014 428L620 724Q610 732 600 724Z", "#fbf3e0")
    with a.g(tf="rotate(-9 580 520)"):
        card = rrect(170, 270, 820, 510, 44)
        a.drop(card, 20, 30, .45, 18)
        tile = ('<path d="M60 0L78 42 120 60 78 78 60 120 42 78 0 60 42 42Z" fill="#8f2f52"/>'
                '<path d="M60 34L68 52 86 60 68 68 60 86 52 68 34 60 52 52Z" fill="#b8506a"/>'
                '<path d="M0 18L18 0M102 0L120 18M120 102L102 120M18 120L0 102" stroke="#b8506a" stroke-width="5"/>')

        def deco():
            a.rect(170, 270, 820, 510, a.pattern(120, 120, tile, "translate(20 36)"))
            a.path("M580 270V780H990V270Z", "#4a1636", op=.25)
            a.rect(720, 260, 66, 530, a.metal("#e0b04a"))
        a.solid(card, "#762446", "d", deco)
        a.circ(410, 525, 168, "#5a1838")
        a.circ(410, 525, 168, "none", stroke="#e0b04a", w=8)
        a.path(star(410, 525, 140, 74), a.slab("#f0c45a", .4, .2))
        a.path(star(410, 525, 72, 36, 8, -67.5), "#762446")
        a.circ(410, 525, 18, "#f0c45a")
        bow = "M753 520C660 400 560 420 580 500S690 560 753 530C820 560 910 590 930 500S840 400 753 520Z"
        a.drop(bow, 8, 14, .35, 8)
        a.line("M740 530q-40 90 -90 130M768 530q30 100 90 120", "#c9962f", 44, stroke_linecap="butt")
        a.solid(bow, "#e9bd55", "d")
        a.path("M740 520C690 450 620 450 620 500S700 540 740 526ZM768 520C810 450 890 450 890 500S810 544 768 526Z", "#a8741e", op=.6)
        a.path(rrect(722, 484, 64, 76, 22), a.slab("#f3cd6a", .3, .25))
