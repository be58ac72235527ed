"""Whose map it is, as others wrote it: its words and plain links stay, everything else goes."""

from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said = ""
        self.open = False
        self.hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden = self.hidden or tag in ("script", "style")
        address = dict(attrs).get("href") or ""
        if tag == "a" and not self.open and leads_to_a_page(address):
            self.said += f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">'
            self.open = True

    def handle_endtag(self, tag: str) -> None:
        self.hidden = self.hidden and tag not in ("script", "style")
        if tag == "a" and self.open:
            self.said += "</a>"
            self.open = False

    def handle_data(self, data: str) -> None:
        self.said += "" if self.hidden else escape(data)


def leads_to_a_page(address: str) -> bool:
    try:
        return urlsplit(address).scheme in ("http", "https")
    except ValueError:
        return False


def safe(written: str) -> str:
    """HTML with nothing but escaped words and links to pages."""
    reader = Words()
    reader.feed(written)
    reader.close()
    return reader.said + ("</a>" if reader.open else "")
