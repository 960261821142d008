"""Passwords that anybody would try first, in small letters; digits at the end are looked past.

OWN are those of this country and this program, written down here. The others are the most frequent of a list
that others counted; common_passwords.txt says whose it is.
"""

from functools import cache
from pathlib import Path

OWN = frozenset(
    """
    password password1 passw0rd p@ssw0rd p@ssword pa$$word passwort motdepasse contrasena
    admin admin123 administrator root toor guest test tester testing demo default changeme letmein
    welcome login master secret access superman batman dragon monkey football baseball basketball
    sunshine princess shadow michael jordan iloveyou ilovechina loveyou trustno1 whatever hello
    hellohello qwerty qwertyui qwertyuiop qwert123 qwerty123 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2
    zaq12wsx q1w2e3r4 q1w2e3r4t5 asdfghjk asdfasdf asdf1234 asdfghjkl zxcvbnm zxcvbnm1 zxcv1234
    abc123 abcd1234 abc12345 abcabc a1b2c3d4 a123456 a1234567 a12345678 a123456789 aa123456
    aa12345678 qq123456 qq123456789 wang123456 woaini woaini1314 woaini520 5201314 52013145201314
    1314520 13145201314520 20082008 19491001 12345678 123456789 1234567890 87654321 987654321
    0987654321 11111111 00000000 88888888 66666666 99999999 12341234 11223344 112233445566
    123123123 123321123 12344321 147258369 159357 1597531597 789456123 741852963 31415926
    66668888 88886666 16881688 18181818 10101010 123456abc 123456qq 123qwe 123qweasd qweasdzxc
    qwe123 qazwsxedc zhongguo woaizhongguo beijing shanghai jiangsai bisai jineng dasai jinengdasai
    contest contestant judge judges organiser organizer skills skillscontest caipan caipanyuan
    guanliyuan mima mimamima mima1234 computer internet samsung iphone google michelle charlie
    freedom flower summer winter spring autumn january september october november december
    pokemon starwars killer hunter soccer hockey ginger pepper cookie cheese chocolate banana
    orange purple yellow silver golden diamond forever angel heaven jesus christ buddha
    """.split()  # noqa: SIM905  (a paragraph is easier to read than three hundred quotes)
)
COUNTED = Path(__file__).with_name("common_passwords.txt")


@cache
def common_passwords():
    """All of them: read once in each process, when somebody chooses a password first."""
    lines = COUNTED.read_text(encoding="utf-8").split("\n")
    return OWN | {line for line in lines if line and not line.startswith("#")}
