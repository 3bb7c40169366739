"""Near-duplicate texts: find the pairs, tell which ask for the same thing, put them in clusters."""

from dslint.similarity.boilerplate import mask
from dslint.similarity.clusters import components, stars
from dslint.similarity.guard import guard, rarity
from dslint.similarity.near import Join, Pair, join
from dslint.similarity.normalise import normalise

__all__ = ["Join", "Pair", "components", "guard", "join", "mask", "normalise", "rarity", "stars"]
