"""Colours: one backdrop family per category, and helpers to mix them."""

# wall top, wall bottom, floor near, floor far, accent behind the product, shadow
BACKDROPS = {
    "ceramics": [
        ("#f7e3cf", "#efcfb2", "#e3b893", "#edcaab", "#fbeee0", "#6b3a24"),
        ("#f3dccb", "#e8c3ab", "#d8a98d", "#e4bda3", "#f9e9dc", "#63352a"),
        ("#efe2cf", "#e3ceb0", "#cfb48f", "#dcc5a3", "#f8f0e2", "#5b4128"),
    ],
    "textiles": [
        ("#f4dcdc", "#e9bfc2", "#d9a3a8", "#e5b7ba", "#faeaea", "#5e2638"),
        ("#f1d9e0", "#e2b8c6", "#cf9bae", "#ddb0c0", "#f9e8ee", "#562544"),
        ("#f6ded2", "#eac4b6", "#daa898", "#e6bcae", "#fbece4", "#66302c"),
    ],
    "lighting": [
        ("#33305a", "#4b4170", "#2b2748", "#3b345c", "#5a4f85", "#120f26"),
        ("#2b3a58", "#3f5575", "#24304a", "#32445f", "#4d668a", "#0d1424"),
        ("#44304f", "#624566", "#382641", "#4c3656", "#74547a", "#1a0f20"),
    ],
    "kitchen": [
        ("#e3ead3", "#cbd7b3", "#adbd90", "#bfcca4", "#f1f5e6", "#36431f"),
        ("#dde6d6", "#c0d0b7", "#a2b698", "#b5c7ab", "#edf3e8", "#2c4030"),
        ("#ecead2", "#d9d5ac", "#c0ba87", "#cfca9d", "#f6f4e3", "#4a4420"),
    ],
    "coffee_tea": [
        ("#d2e8e2", "#aed2c9", "#8dbab0", "#a1c8bf", "#e6f4f0", "#17413e"),
        ("#cde3e6", "#a8cbd0", "#87b1b8", "#9ac0c6", "#e2f1f3", "#163a44"),
        ("#d8e8dc", "#b8d3c0", "#97bba3", "#abc9b4", "#e9f4ec", "#1f4232"),
    ],
    "stationery": [
        ("#f8ebc4", "#f0d996", "#e0c173", "#ebd08a", "#fdf6e0", "#5f4415"),
        ("#faeacb", "#f3d5a0", "#e4bc7c", "#eecb92", "#fdf5e4", "#66401a"),
        ("#f4edcd", "#e8dca3", "#d5c680", "#e0d294", "#fbf8e6", "#57481a"),
    ],
    "bags": [
        ("#e4deef", "#cbc0de", "#ad9fc7", "#beb1d4", "#f2eef8", "#35284f"),
        ("#dfe0f0", "#c1c4e0", "#a1a5c9", "#b4b7d6", "#efeff8", "#292c54"),
        ("#eadfeb", "#d6c1d8", "#bca1bf", "#cab3cd", "#f5eef6", "#462a4c"),
    ],
    "garden": [
        ("#d9ebf4", "#b9d8e8", "#a5c48d", "#b7d2a1", "#edf6fa", "#26402c"),
        ("#dcedf0", "#bfdde2", "#a8c99a", "#bad6ad", "#eff8f9", "#234036"),
        ("#e2eaf6", "#c6d5ec", "#b2c793", "#c2d4a8", "#f2f6fb", "#2c3d2c"),
    ],
}

CREAM, WHITE, INK = "#fbf1de", "#fffaf0", "#2b2330"
TERRA, CLAY, SAND, BRICK = "#c9683f", "#b8734f", "#e2c49c", "#a8432f"
MADDER, OCHRE, INDIGO, WALNUT = "#a93a32", "#d99a2b", "#2f4374", "#6b4630"
SAGE, PINE, LEAF, OLIVE = "#9db08a", "#2f5b4a", "#5f9150", "#7d8347"
COBALT, SEA, TEAL, PLUM = "#2b5aa8", "#7fb5b0", "#2d7f83", "#6d3d66"
BRASS, COPPER, STEEL, IRON = "#c99a3f", "#c8744a", "#b9c0c6", "#3a3b42"
BEECH, OLIVEWOOD, CHERRY, ASH = "#d9b07c", "#c4935a", "#b5693f", "#e0c08f"
TAN, CHESTNUT, LEATHER = "#c88748", "#8c4a2b", "#a8643a"


def rgb(colour):
    return [int(colour[i:i + 2], 16) for i in (1, 3, 5)]


def mix(a, b, t):
    """The colour a share t of the way from a to b."""
    return "#" + "".join(f"{round(x + (y - x) * t):02x}" for x, y in zip(rgb(a), rgb(b)))


def dark(colour, t=0.3):
    return mix(colour, "#241527", t)


def light(colour, t=0.3):
    return mix(colour, "#fff8ea", t)
