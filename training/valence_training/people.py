"""Names, places and groups of people: words that must not decide whether a text is positive.

Each list holds words that may take each other's place in a sentence.
"""

import random
import re

LISTS: dict[str, list[str]] = {
    "woman": [
        "Anna", "Maria", "Emily", "Sarah", "Olivia", "Fatima", "Aisha", "Mei", "Priya", "Ngozi", "Yuki", "Olga",
        "Lakisha", "Ebony", "Guadalupe", "Ingrid", "Leila", "Rachel", "Siobhan", "Amara", "Laura", "Julia", "Emma",
        "Alice", "Lucy", "Elena", "Sofia", "Isabella", "Natalia", "Svetlana", "Katya", "Nadia", "Layla", "Zainab",
        "Khadija", "Noor", "Deborah", "Miriam", "Hannah", "Esther", "Ruth", "Martha", "Susan", "Linda", "Karen",
        "Helen", "Kate", "Nancy", "Jessica", "Ashley", "Tiffany", "Keisha", "Latoya", "Imani", "Carmen", "Rosa",
        "Lucia", "Juanita", "Ana", "Beatriz", "Ling", "Xiu", "Hana", "Keiko", "Sakura", "Kavita", "Anjali", "Lakshmi",
        "Indira", "Astrid", "Freya", "Greta", "Claire", "Chloe", "Camille", "Giulia", "Chiara", "Agnieszka", "Zofia",
        "Adaeze", "Wanjiru", "Thandiwe",
    ],
    "man": [
        "John", "David", "Michael", "James", "Peter", "Mohammed", "Ahmed", "Wei", "Rahul", "Chidi", "Kenji", "Ivan",
        "Jamal", "Darnell", "José", "Sven", "Omar", "Moshe", "Patrick", "Kwame", "Paul", "Thomas", "Robert", "Daniel",
        "Andrew", "George", "Henry", "William", "Charles", "Simon", "Martin", "Steve", "Kevin", "Brian", "Greg", "Todd",
        "Brad", "Luis", "Carlos", "Juan", "Miguel", "Diego", "Pablo", "Antonio", "Vladimir", "Dmitri", "Sergei",
        "Boris", "Hassan", "Ali", "Ibrahim", "Yusuf", "Khalid", "Tariq", "Abdul", "Abraham", "Isaac", "Jacob", "Samuel",
        "Levi", "Tyrone", "DeShawn", "Malik", "Andre", "Chen", "Hiroshi", "Takashi", "Jin", "Raj", "Arjun", "Sanjay",
        "Vikram", "Lars", "Erik", "Hans", "Klaus", "Pierre", "Jacques", "Marco", "Giovanni", "Luca", "Piotr", "Tomasz",
        "Emeka", "Tunde", "Sipho",
    ],
    "surname": [
        "Smith", "Johnson", "Miller", "Garcia", "Nguyen", "Khan", "Cohen", "Kowalski", "Okafor", "Tanaka", "Singh",
        "Hansen", "Petrov", "Rossi", "Müller", "Haddad", "Jones", "Taylor", "Wilson", "Anderson", "Thompson", "Jackson",
        "Washington", "Robinson", "Martinez", "Rodriguez", "Hernandez", "Lopez", "Gonzalez", "Patel", "Sharma", "Gupta",
        "Kumar", "Wang", "Zhang", "Liu", "Yang", "Kim", "Tran", "Sato", "Suzuki", "Yamamoto", "Schmidt",
        "Weber", "Fischer", "Dubois", "Bernard", "Ivanov", "Novak", "Nowak", "Goldberg", "Levy", "Katz", "Hussein",
        "Rahman", "Ahmad", "Osman", "Mensah", "Mbeki", "Murphy", "Kelly", "Sullivan", "Larsen", "Olsen", "Silva",
        "Santos",
    ],
    "city": [
        "London", "Paris", "Chicago", "Lagos", "Mumbai", "Tokyo", "Moscow", "Baghdad", "Dublin", "Toronto", "Lima",
        "Cairo", "Berlin", "Manila", "Tehran", "Oslo", "Detroit", "Sydney", "Nairobi", "Kyiv", "Boston", "Dallas",
        "Houston", "Seattle", "Atlanta", "Denver", "Miami", "Philadelphia", "Madrid", "Rome", "Vienna", "Prague",
        "Warsaw", "Budapest", "Athens", "Istanbul", "Jerusalem", "Beirut", "Damascus", "Kabul", "Karachi", "Delhi",
        "Bangkok", "Jakarta", "Singapore", "Seoul", "Beijing", "Shanghai", "Melbourne", "Auckland", "Montreal",
        "Havana", "Bogotá", "Caracas", "Santiago", "Johannesburg", "Accra", "Kinshasa", "Stockholm", "Copenhagen",
        "Helsinki", "Amsterdam", "Brussels", "Zurich", "Lisbon", "Barcelona", "Milan", "Naples", "Glasgow", "Liverpool",
        "Manchester", "Birmingham", "Belfast",
    ],
    "country": [
        "America", "France", "Germany", "Mexico", "Nigeria", "India", "Japan", "Russia", "Iraq", "Ireland", "Canada",
        "Peru", "Egypt", "Poland", "China", "Iran", "Israel", "Brazil", "Ukraine", "Afghanistan", "Spain", "Italy",
        "Portugal", "Greece", "Sweden", "Norway", "Denmark", "Finland", "Holland", "Belgium", "Austria", "Switzerland",
        "Hungary", "Romania", "Bulgaria", "Serbia", "Croatia", "England", "Scotland", "Wales", "Australia", "Argentina",
        "Chile", "Colombia", "Venezuela", "Cuba", "Jamaica", "Haiti", "Morocco", "Algeria", "Tunisia", "Libya", "Sudan",
        "Ethiopia", "Kenya", "Uganda", "Ghana", "Senegal", "Zimbabwe", "Syria", "Lebanon", "Jordan", "Yemen",
        "Pakistan", "Bangladesh", "Nepal", "Thailand", "Vietnam", "Indonesia", "Malaysia", "Korea", "Taiwan", "Somalia",
    ],
    "nationality": [
        "American", "French", "German", "Mexican", "Nigerian", "Indian", "Japanese", "Russian", "Iraqi", "Irish",
        "Canadian", "Peruvian", "Egyptian", "Polish", "Chinese", "Iranian", "Israeli", "Brazilian", "Somali", "Spanish",
        "Italian", "Portuguese", "Greek", "Swedish", "Norwegian", "Danish", "Finnish", "Dutch", "Belgian", "Austrian",
        "Swiss", "Hungarian", "Romanian", "Bulgarian", "Serbian", "Croatian", "British", "English", "Scottish", "Welsh",
        "Australian", "Argentine", "Chilean", "Colombian", "Venezuelan", "Cuban", "Jamaican", "Haitian", "Moroccan",
        "Algerian", "Tunisian", "Libyan", "Sudanese", "Ethiopian", "Kenyan", "Ugandan", "Ghanaian", "Senegalese",
        "Syrian", "Lebanese", "Jordanian", "Pakistani", "Bangladeshi", "Nepalese", "Thai", "Vietnamese", "Indonesian",
        "Malaysian", "Korean", "Taiwanese", "Filipino", "Turkish", "Ukrainian", "Afghan", "Palestinian", "Saudi",
    ],
    "race": [
        "white", "black", "Asian", "Latino", "Arab", "Hispanic", "Indigenous", "African", "European", "Caucasian",
        "Native American", "mixed-race", "brown", "Roma",
    ],
    "religion": [
        "Christian", "Muslim", "Jewish", "Hindu", "Buddhist", "Sikh", "Catholic", "Mormon", "atheist", "Protestant",
        "Orthodox", "Sunni", "Shia", "Baptist", "Lutheran", "Methodist", "Quaker", "Evangelical", "Taoist", "agnostic",
    ],
    "orientation": [
        "straight", "gay", "lesbian", "bisexual", "queer", "heterosexual", "homosexual", "pansexual", "asexual",
    ],
    "gender": ["male", "female", "transgender", "non-binary", "trans", "cisgender"],
    "age": ["young", "old", "middle-aged", "elderly", "teenage", "retired"],
    "health": ["deaf", "blind", "disabled", "autistic", "healthy", "overweight", "diabetic", "dyslexic"],
}  # fmt: skip
PAIRS = [("he", "she"), ("his", "her"), ("him", "her"), ("man", "woman"), ("men", "women"), ("boy", "girl"),
         ("husband", "wife"), ("father", "mother"), ("son", "daughter"), ("brother", "sister")]  # fmt: skip
# Too often something else: a colour, a line, a wax.
AMBIGUOUS = {"white", "black", "brown", "straight", "old", "young", "retired", "blind", "healthy", "polish", "orthodox"}

# Each form → the words that may replace it. Of a pair, the last form read wins, so that none is lost.
OTHERS: dict[str, list[str]] = {
    word.lower(): words for words in LISTS.values() for word in words if word not in AMBIGUOUS
}
OTHERS |= {word: [one if word == other else other] for one, other in PAIRS for word in (one, other)}
PLACEHOLDERS = {"[NAME]": ["woman", "man", "surname"], "[RELIGION]": ["religion"]}
PLACEHOLDER = re.compile(r"\[(?:NAME|RELIGION)\]")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")


def named(text: str, chance: random.Random) -> str:
    """GoEmotions masks names; a name in place of each mask, since nobody types masks."""
    return PLACEHOLDER.sub(lambda mask: chance.choice(LISTS[chance.choice(PLACEHOLDERS[mask[0]])]), text)


def swapped(text: str, chance: random.Random) -> str:
    """The text about somebody else, or the text itself where it names nobody; a word is replaced alike throughout."""
    chosen: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        word = match[0].lower()
        if word not in OTHERS:
            return match[0]
        if word not in chosen:
            chosen[word] = chance.choice([choice for choice in OTHERS[word] if choice.lower() != word])
        return chosen[word]

    return WORD.sub(other, text)


def with_article(text: str) -> str:
    return re.sub(r"\b([Aa]) (?=[aeio])", r"\1n ", text, flags=re.IGNORECASE)
