"""The words of audit prose: of fields, of direction, of what follows a value. In the languages of the PSA's pages.

No sentence stands here. A direction counts only between words of one language, and only beside known or quoted names.
"""

from __future__ import annotations

import re
from typing import Final

from psa_evidence.records import ChangeField

FIELD_WORDS: Final[dict[str, ChangeField]] = {
    "status": "status", "statut": "status", "state": "status", "estado": "status", "stato": "status",
    "zustand": "status", "tilstand": "status", "état": "status", "priority": "priority", "priorität": "priority",
    "priorité": "priority", "prioridad": "priority", "priorità": "priority", "prioridade": "priority",
    "prioriteit": "priority", "prioritet": "priority", "board": "board", "tablero": "board", "queue": "board",
    "owner": "owner", "besitzer": "owner", "propriétaire": "owner", "propietario": "owner", "proprietario": "owner",
    "proprietário": "owner", "eigenaar": "owner", "agreement": "agreement", "vertrag": "agreement",
    "contrat": "agreement", "contrato": "agreement", "contratto": "agreement", "overeenkomst": "agreement",
    "sla": "sla", "ステータス": "status",
    "状態": "status", "状态": "status", "優先度": "priority", "优先级": "priority",
}  # fmt: skip
_WORDS: Final = "|".join(sorted((word for word in FIELD_WORDS if word < "\u3000"), key=lambda word: (-len(word), word)))
_UNSPACED: Final = "|".join(sorted(word for word in FIELD_WORDS if word >= "\u3000"))
"""Words of languages that put no space between words."""
FIELD: Final = re.compile(rf"(?:\b(?:service |ticket )?)?((?<!\w)(?:{_WORDS})(?!\w)|{_UNSPACED})", re.IGNORECASE)

VERB: Final = re.compile(
    r"\b(?:chang(?:ed?|es|ing)|updated?|updates|set|sets|moved?|moves|modified|modify|switch(?:ed)?|re-?assigned"
    r"|assigned|transferred|edited|replaced|reset|removed|cleared|escalated|de-?escalated|raised|lowered|became|now"
    r"|applied|adjusted|corrected|went|goes|transition(?:ed|s)?|advanced|flipped|placed|put|altered|turned|bumped"
    r"|downgraded|upgraded|geändert|gesetzt|aktualisiert|umgestellt|gewechselt|verschoben"
    r"|chang[ée]e?|modifi[ée]e?|pass[ée]e?|mis|cambiado|cambiada|modificado|modificada|actualizado|actualizada|pasó"
    r"|cambiò|cambiato|cambiata|modificato|modificata|aggiornato|aggiornata|alterado|alterada|atualizado|atualizada"
    r"|mudou|gewijzigd|veranderd|aangepast|ingesteld|endret|ændret|ändrades?|ändrats|ändrad)\b"
    r"|->|=>|[→»⇒➔➜⟶➡⮕↦▸←⟵⇐]|<-|>>|変更|更改|变更|修改",
    re.IGNORECASE,
)
ARROW: Final = re.compile(r"\s*(?:-+>|=+>|~>|\|>|[→⇒➔➜⟶➡⮕↦▸]|>>|»)\s*|\s+>\s+")
BACK_ARROW: Final = re.compile(r"\s*(?:<-+|[←⟵⇐])\s*|\s+<=\s+")

LANGUAGES: Final[tuple[tuple[str, str], ...]] = (
    (
        r"from|was|were|had been|previously|formerly|earlier|before|instead of|in place of|out of",
        r"to|into|onto|now|became|becoming|becomes|is|is now|as|set|with|in favou?r of",
    ),
    (r"von|vom|war|vorher|bisher|zuvor|statt|anstelle von", r"auf|zu|zum|nach|in|jetzt|nun|ist"),
    (r"de|du|depuis|était|auparavant|au lieu de", r"à|a|en|vers|par|est|maintenant"),
    (r"de|desde|del|era|antes|anteriormente", r"a|al|en|por|es|ahora"),
    (r"de|do|da|era|antes|anteriormente", r"para|a|ao|por|é|agora"),
    (r"da|dal|dallo|era|prima|precedentemente", r"a|al|in|con|è|ora|adesso"),
    (r"van|was|eerder|voorheen", r"naar|in|is|nu|door|op"),
    (r"fra|från|var|før|tidigere|tidligere", r"til|till|er|är|nå|nu|på"),
)
"""For each language, the words before the value that was, and those before the value that is."""
OLD_NEW: Final = tuple(
    (
        re.compile(rf"(?<!\w)(?:{old})(?!\w)\s*:?", re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{new})(?!\w)\s*:?", re.IGNORECASE),
    )
    for old, new in LANGUAGES
)

_VALUE: Final = r"(?:[\s_-]?(?:value|status|state|priority|board|owner|sla|agreement|wert|valeur|valor|valore|waarde))?"
OLD_LABEL: Final = re.compile(
    rf"\b(?:old|previous|prior|original|before|from|was|alte[rn]?|vorherige[rn]?|ancien(?:ne)?|anterior|precedente"
    rf"|vecchi[oa]|oude?|vorige|gammel|tidigere){_VALUE}\s*[:=]\s*",
    re.IGNORECASE,
)
NEW_LABEL: Final = re.compile(
    rf"\b(?:new|current|updated|after|to|now|neue[rn]?|nouve(?:au|lle)|nuev[oa]|actual|nuov[oa]|attuale|nieuwe?"
    rf"|huidige|ny|nye){_VALUE}\s*[:=]\s*",
    re.IGNORECASE,
)
LABELS: Final = re.compile(
    r"\b(?:old|new|previous|current|initial)\s+(?:ticket\s+)?(?:value|status|state|priority|board|owner|sla|agreement)\b"
    r"|\b(?:old|new|previous)\s*[:=](?![:=])",
    re.IGNORECASE,
)
"""Where `new` and the like are labels and not the name of a status."""

_DAY: Final = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?"
    r"|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
TAIL: Final = re.compile(
    r"\s+(?:by|via|using|through|per|because|due to|since|as (?:per|part|requested|agreed)|according to|durch|vom"
    r"|par|por|door|av|af)\b"
    rf"|\s+(?:on|at|am|um|le|el|il|op|den|kl\.?)\s+(?=[\d\ue000-\uf8ff]|{_DAY})"
    r"|\s+(?:for|on|in|of)\s+(?:(?:this|the)\s+)?(?:(?:service\s+)?(?:ticket|board|request|record)|#|reason)"
    r"|\s+(?:and|while|when|after|once|during)\s+|\s*[,;(\[]|\s+\||\|\s|\s+[-–—]\s+|\s*\.\s"
    r"|\s+(?:status|state|board|priority)\b",
    re.IGNORECASE,
)
"""What may follow a value in the same statement."""
LONGER_NAME: Final = re.compile(
    r"\s+(?i:by)\s+(?i:(?:the\s+)?(?:client|customer|vendor|user|third party))\b"
    r"|\s+[-–—]\s+(?![\d\ue000-\uf8ff#]|(?i:by|via|per|was|previously|from|reason|because|comment|note|user|changed"
    r"|updated|set|ticket|automatic|manual|member|source)\b)"
    r"|\s*[(\[](?![\d\ue000-\uf8ff#]|(?i:id|was|previously|formerly|from|old|before|now|new|by|via|per|reason|ticket|sr"
    r"|automatic|manual|changed|updated|set|not|no|draft|status|board|priority|member|user)\b)"
    r"|\s*,\s*(?=[A-Z])(?!(?i:owner|status|priority|board|agreement|sla|old|new|previous|by|from|to|reason|e-?mail)\b)"
    r"|\s+(?i:and)\s+(?=[A-Z])"
)
"""What may as well be the rest of a longer name that the settings no longer show: `Closed - Duplicate`, where they show
`Closed`."""
SAFE_TAIL: Final = re.compile(r"\s+(?:by|via|durch|par|por|door|av|af)\b", re.IGNORECASE)
LAST_VERB: Final = re.compile(
    r"\s+(?:geändert|gesetzt|aktualisiert|umgestellt|gewechselt|verschoben|gewijzigd|veranderd|aangepast|ingesteld"
    r"|endret|ændret|worden|instead|afterwards?|again|now|automatically|manually|successfully)$",
    re.IGNORECASE,
)
FIRST_WORDS: Final = re.compile(
    r"^(?:(?:the|a|an|its|der|den|dem|die|le|la|el|il|lo|o|het|de)\s+)?(?:(?:service|ticket|old|new|previous|current)\s+)*"
    rf"(?:{_WORDS}|value|wert|valeur|valor|valore|waarde)\s*[:=]?\s*(?=\S)|^(?:be|being|the|have been)\s+",
    re.IGNORECASE,
)
NOTHING: Final = frozenset({
    "", "none", "(none)", "<none>", "n/a", "blank", "(blank)", "empty", "(empty)", "null", "unassigned", "-", "--",
    "nothing", "not set", "keine", "aucun", "ninguno", "nessuno", "geen", "ingen",
})  # fmt: skip
OTHER_NOUN: Final = re.compile(
    r"\b(?:impact|severity|urgency|team|type|subtype|item|source|location|department|approval|billing|project|phase"
    r"|activity|invoice|contact|company|site|member|resource|category|configuration|opportunity|task|survey|summary"
    r"|risk|sentiment|budget|work ?type|work ?role|template|schedule|note|e-?mail|document|product)\b",
    re.IGNORECASE,
)
"""Fields of their own whose values may bear the same names."""
TAKEN_BACK: Final = r"revert(?:ed|s)?|undone|undo|undid|rolled back|reversed|restored|withdrawn|discarded|overridden"
NOT_DONE: Final = (
    r"not|\w+n['’]t|never|cannot|unable|unchanged|unsaved|(?<!in )errors?|invalid|fail(?:s|ed|ure|ing)?"
    r"|den(?:y|ied|ies)|refus\w+|reject\w*|declin\w+|block(?:s|ed|ing)?|prevent\w*|ignor\w+|skip(?:s|ped|ping)?|abort\w*|cancel\w*"
    r"|pending|await\w*|draft|simulat\w+|preview|propos\w+|suggest\w*|planned|scheduled|(?<!as )requested|if|unless"
    r"|tomorrow|in \d+ (?:minute|hour|day|week)s?|to be|either|nicht|kein\w*|niet|ikke|inte|pas|não|non|nie|ei"
    r"|fehlgeschlagen|abgelehnt|refusée?|rechazad[oa]|rifiutat[oa]|mislukt|geweigerd"
)
"""Words which say that a change was taken back, or that it did not happen or may not have."""
