"""Film reviews moved to other domains: the same judgement of a phone, a hotel, an app.

The largest public set is about films alone. A moved text may not mean what its source did ("an unpredictable
brake"), so the teacher must grade it.
"""

import random
import re

FILM: dict[str, list[str]] = {
    "work": ["film", "movie", "picture", "comedy", "drama", "thriller", "documentary", "sequel", "flick", "tale"],
    "works": ["films", "movies", "pictures", "comedies", "thrillers", "documentaries"],
    "part": ["plot", "story", "script", "screenplay", "dialogue", "narrative", "acting", "direction", "soundtrack",
             "ending", "animation", "cinematography", "music", "camera", "cast"],
    "parts": ["characters", "performances", "scenes", "moments", "jokes", "effects"],
    "maker": ["director", "actor", "actress", "filmmaker", "screenwriter", "star"],
    "makers": ["directors", "actors", "filmmakers", "performers", "screenwriters", "stars"],
    "public": ["audience", "audiences", "viewer", "viewers", "moviegoers"],
    "place": ["screen", "cinema", "theater", "theaters", "hollywood"],
}  # fmt: skip
OTHERS: list[dict[str, list[str]]] = [
    {"work": ["restaurant", "meal", "dinner", "café", "place"], "works": ["restaurants", "dishes", "desserts"],
     "part": ["menu", "soup", "service", "sauce", "dessert", "wine"], "parts": ["starters", "portions", "prices"],
     "maker": ["chef", "waiter", "owner"], "makers": ["waiters", "cooks", "hosts"],
     "public": ["guests", "regulars"], "place": ["table", "kitchen", "town"]},
    {"work": ["phone", "laptop", "vacuum", "headset", "printer", "camera"], "works": ["phones", "gadgets", "tools"],
     "part": ["battery", "screen", "keyboard", "manual", "case", "sound"], "parts": ["buttons", "speakers", "cables"],
     "maker": ["seller", "manufacturer", "designer"], "makers": ["sellers", "engineers"],
     "public": ["buyers", "customers", "users"], "place": ["desk", "shop", "market"]},
    {"work": ["app", "game", "website", "update", "program"], "works": ["apps", "games", "updates"],
     "part": ["interface", "search", "menu", "tutorial", "design", "checkout"],
     "parts": ["settings", "levels", "features", "ads"], "maker": ["developer", "studio"],
     "makers": ["developers", "moderators"], "public": ["users", "players"], "place": ["phone", "store", "web"]},
    {"work": ["hotel", "room", "hostel", "flat", "resort"], "works": ["hotels", "rooms", "apartments"],
     "part": ["breakfast", "bed", "shower", "pool", "lobby", "view"], "parts": ["towels", "beds", "corridors"],
     "maker": ["receptionist", "landlord", "manager"], "makers": ["cleaners", "hosts", "porters"],
     "public": ["guests", "families", "travellers"], "place": ["beach", "city", "street"]},
    {"work": ["flight", "train", "trip", "tour", "ride"], "works": ["flights", "trains", "tours"],
     "part": ["seat", "boarding", "timetable", "luggage", "ticket"], "parts": ["seats", "delays", "stops"],
     "maker": ["driver", "pilot", "guide"], "makers": ["stewards", "drivers"],
     "public": ["passengers", "commuters"], "place": ["airport", "station", "road"]},
    {"work": ["book", "novel", "album", "song", "show"], "works": ["books", "songs", "episodes"],
     "part": ["chapter", "cover", "melody", "voice", "style"], "parts": ["chapters", "lyrics", "verses"],
     "maker": ["author", "singer", "band"], "makers": ["authors", "musicians"],
     "public": ["readers", "fans", "listeners"], "place": ["page", "stage", "shelf"]},
    {"work": ["course", "school", "clinic", "gym", "treatment"], "works": ["courses", "clinics", "lessons"],
     "part": ["lesson", "advice", "equipment", "reception", "therapy"], "parts": ["exercises", "rooms", "fees"],
     "maker": ["teacher", "doctor", "coach"], "makers": ["teachers", "nurses", "trainers"],
     "public": ["students", "patients", "members"], "place": ["classroom", "ward", "office"]},
    {"work": ["jacket", "dress", "sofa", "perfume", "toy"], "works": ["shoes", "shirts", "chairs"],
     "part": ["fabric", "colour", "zip", "fit", "packaging"], "parts": ["seams", "sleeves", "sizes"],
     "maker": ["tailor", "brand", "shop"], "makers": ["shops", "designers"],
     "public": ["customers", "children"], "place": ["wardrobe", "shop", "house"]},
]  # fmt: skip
ROLES = {word: role for role, words in FILM.items() for word in words}
FILM_WORD = re.compile(rf"\b(?:{'|'.join(ROLES)})\b", re.IGNORECASE)


def moved(text: str, chance: random.Random) -> str:
    """The text with the words of films exchanged for those of one other domain, each always for the same."""
    domain = chance.choice(OTHERS)
    chosen: dict[str, str] = {}

    def word(found: re.Match[str]) -> str:
        name = found[0].lower()
        if name not in chosen:
            chosen[name] = chance.choice(domain[ROLES[name]])
        return chosen[name]

    return FILM_WORD.sub(word, text)
