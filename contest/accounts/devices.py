"""What a person calls a device: browser and kind of machine, as the browser says of itself."""

_MACHINES = (
    ("HarmonyOS", "HarmonyOS"), ("iPad", "iPad"), ("iPhone", "iPhone"), ("Android", "Android"),
    ("Windows", "Windows"), ("Macintosh", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)
# The first word that is found decides: nearly every browser also claims to be Chrome or Safari.
_BROWSERS = (
    ("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("QQBrowser", "QQ"), ("Edg/", "Edge"),
    ("HuaweiBrowser", "Huawei"), ("MiuiBrowser", "Mi"), ("Firefox", "Firefox"), ("OPR/", "Opera"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)


def name_device(user_agent):
    """A short name such as `Chrome · Android`; empty when nothing is recognised."""
    found = [
        next((name for word, name in words if word in (user_agent or "")), None)
        for words in (_BROWSERS, _MACHINES)
    ]
    return " · ".join(name for name in found if name)
