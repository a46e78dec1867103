"""What a picture is called, as parts of regular expressions that ignore case."""

from __future__ import annotations

PICTURE = "picture|image|pic|photo|drawing|painting|version|variation"
PICTURES = "pictures|images|pics|pix|photos|drawings|paintings|versions|variations"
