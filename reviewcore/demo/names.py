"""Names that nobody bears: given names from many places, and surnames put together from words."""

from __future__ import annotations

_FIRST = (
    "Abena Adaeze Aiko Alejandro Amara Anahera Anselm Arash Aroha Asha Ayelet Bao Beatriz Bayani Bich Cosima "
    "Chidi Dalia Daniyar Delphine Dmitri Efua Eitan Elowen Emeka Esi Farida Fatou Femi Gael Giang Goran Hana "
    "Hector Hoa Ibrahim Ines Isamu Itzel Jamila Jiho Jovana Kaito Kalea Kofi Lakshmi Leilani Linh Lorenzo "
    "Lupe Mahala Malik Marisol Mateus Mei Miriam Nalani Naveen Nizhoni Noor Oona Oren Paloma Parisa Pua "
    "Quang Rafael Rania Ravi Roza Sabela Samir Saoirse Seo-yeon Sipho Soledad Suda Takoda Tariq Tenzin Thao "
    "Tomas Ulla Vesna Viet Wanjiru Wren Xiomara Yara Yusuf Zahra Zeynep Zuri"
)
_BEGIN = (
    "Amber Ash Bramble Briar Brindle Clover Copper Crane Dapple Ember Fallow Fern Finch Hazel Heron Ivory "
    "Juniper Lark Linden Marrow Mallow Moss Nettle Otter Pebble Quill Rowan Rush Sedge Sorrel Tansy Thistle "
    "Vetch Willow Wren Yarrow"
)
_END = "brook bury combe croft dale fell gate hollow holt lea mead mere moor rill shaw spire stow thorpe wick yard"


def first_names() -> list[str]:
    """Return the given names, in a fixed order."""
    return _FIRST.split()


def surnames() -> list[str]:
    """Return all surnames, in a fixed order; each is there once."""
    return [begin + end for begin in _BEGIN.split() for end in _END.split()]
