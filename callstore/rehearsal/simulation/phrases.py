"""What callers and agents say, in five languages. Nobody's names, nobody's numbers."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Language:
    """`topics` are what a caller asks with what the agent answers; `thoughts` begin and are cut off."""

    code: str
    greeting: str
    topics: tuple[tuple[str, str], ...]
    parting: tuple[str, str]
    thoughts: tuple[str, ...]
    letters_per_s: float  # how fast it is spoken, as written


ENGLISH = Language(
    "en",
    "Thank you for calling. This is the automated assistant. How can I help you?",
    (
        ("Hello, I am calling about the estimate you sent.", "Of course. Which item is it about?"),
        ("The one for the kitchen, number {n}.", "Thank you. I have it here. What would you like to know?"),
        ("Could somebody come on {day} at {hour}?", "{day} at {hour} is free. Shall I book it?"),
        ("Yes, please. That suits me.", "It is booked. You will get a message with the details."),
        ("How long will it take?", "About two hours, depending on the state of the pipes."),
        ("And what does it cost?", "The visit is free. The work itself is {n} dollars at most."),
        ("Sorry, could you say that again?", "Certainly. The work costs {n} dollars at most."),
        ("Do you also repair windows?", "We do. Shall I ask a colleague to call you back about it?"),
        ("Can I pay by card?", "Yes, by card or by bank transfer, whichever you like."),
        ("My reference is {n}.", "Thank you, I found it. Everything is in order."),
    ),
    ("No, that is all. Thank you.", "Thank you for calling. Goodbye."),
    ("Well, the thing is that since last week", "And then there is the question of the"),
    14.0,
)
JAPANESE = Language(
    "ja",
    "お電話ありがとうございます。自動音声アシスタントです。ご用件をどうぞ。",
    (
        ("先日いただいた見積もりについてお聞きしたいのですが。", "はい、どの項目についてでしょうか。"),
        ("番号は{n}です。", "ありがとうございます。確認できました。"),
        ("{hour}時に来ていただけますか。", "はい、{hour}時で承ります。よろしいですか。"),
        ("はい、お願いします。", "ご予約を承りました。"),
        ("費用はどのくらいかかりますか。", "お見積もりは無料です。工事は{n}円からです。"),
        ("もう一度お願いします。", "工事は{n}円からでございます。"),
        ("支払いはカードでもいいですか。", "はい、カードでもお振り込みでも結構です。"),
    ),
    ("いえ、以上です。ありがとうございました。", "お電話ありがとうございました。失礼いたします。"),
    ("それでですね、実は先週から", "あと、もう一つお聞きしたいのが"),
    6.5,
)
SPANISH = Language(
    "es",
    "Gracias por llamar. Le atiende el asistente automático. ¿En qué puedo ayudarle?",
    (
        ("Hola, llamo por el presupuesto que nos enviaron.", "Por supuesto. ¿Qué desea saber?"),
        ("Es el número {n}.", "Gracias, ya lo tengo delante."),
        ("¿Puede venir alguien el {day} a las {hour}?", "Sí, el {day} a las {hour} está libre."),
        ("Perfecto, resérvelo, por favor.", "Queda reservado. Recibirá un mensaje."),
        ("¿Y cuánto cuesta?", "La visita es gratuita. El trabajo cuesta como mucho {n} euros."),
        ("¿Me lo puede repetir?", "Claro. Cuesta como mucho {n} euros."),
    ),
    ("No, eso es todo. Gracias.", "Gracias por llamar. Adiós."),
    ("Pues mire, es que desde la semana pasada", "Y luego está la cuestión de los"),
    15.0,
)
FRENCH = Language(
    "fr",
    "Merci de votre appel. Ici l'assistant automatique. Que puis-je faire pour vous ?",
    (
        ("Bonjour, je vous appelle au sujet du devis.", "Bien sûr. De quel devis s'agit-il ?"),
        ("C'est le numéro {n}.", "Merci, je l'ai sous les yeux."),
        ("Quelqu'un peut-il passer {day} à {hour} heures ?", "Oui, {day} à {hour} heures, c'est possible."),
        ("Très bien, je vous en prie, réservez.", "C'est réservé. Vous recevrez un message."),
        ("Et combien cela coûte-t-il ?", "La visite est gratuite, les travaux {n} euros au plus."),
        ("Pardon, vous pouvez répéter ?", "Bien sûr. {n} euros au plus."),
    ),
    ("Non, c'est tout. Merci.", "Merci de votre appel. Au revoir."),
    ("Alors voilà, en fait depuis la semaine dernière", "Et puis il y a aussi la question du"),
    15.0,
)
GERMAN = Language(
    "de",
    "Vielen Dank für Ihren Anruf. Hier ist der automatische Assistent. Wie kann ich helfen?",
    (
        ("Guten Tag, ich rufe wegen des Angebots an.", "Gern. Um welches Angebot geht es?"),
        ("Die Nummer ist {n}.", "Danke, ich habe es gefunden."),
        ("Kann jemand am {day} um {hour} Uhr kommen?", "Ja, am {day} um {hour} Uhr ist noch frei."),
        ("Gut, dann nehme ich das.", "Der Termin ist eingetragen. Sie bekommen eine Nachricht."),
        ("Was kostet das denn?", "Der Besuch ist kostenlos, die Arbeit höchstens {n} Euro."),
        ("Können Sie das noch einmal sagen?", "Gern. Höchstens {n} Euro."),
    ),
    ("Nein, das war alles. Danke.", "Vielen Dank für Ihren Anruf. Auf Wiederhören."),
    ("Also, es ist so, dass seit letzter Woche", "Und dann ist da noch die Frage, ob"),
    14.0,
)
_DAYS = {
    "en": ("Monday", "Tuesday", "Thursday", "Friday"),
    "ja": ("月曜", "火曜", "木曜", "金曜"),
    "es": ("lunes", "martes", "jueves", "viernes"),
    "fr": ("lundi", "mardi", "jeudi", "vendredi"),
    "de": ("Montag", "Dienstag", "Donnerstag", "Freitag"),
}


def topics(language: Language, rng: Random) -> list[tuple[str, str]]:
    """A conversation's questions, each with its answer, in their order."""
    known = {"n": rng.randrange(120, 9800, 10), "hour": rng.randrange(9, 18)}
    day = rng.choice(_DAYS[language.code])
    first, rest = language.topics[0], list(language.topics[1:])
    rng.shuffle(rest)
    return [
        (asked.format(day=day, **known), answer.format(day=day, **known)) for asked, answer in (first, *rest)
    ]


def pieces(text: str) -> list[str]:
    """The text as a model streams it: a word at a time, or two characters where there are no spaces."""
    if " " in text:
        *words, last = text.split(" ")
        return [*(f"{word} " for word in words), last]
    return [text[at : at + 2] for at in range(0, len(text), 2)]
