"""What hospital levels are called on a page."""

from flask_babel import lazy_gettext as _

from app.organisations.models import Level

LEVELS = {
    Level.TERTIARY_A: _("三级甲等"),
    Level.TERTIARY_B: _("三级乙等"),
    Level.SECONDARY_A: _("二级甲等"),
    Level.SECONDARY_B: _("二级乙等"),
    Level.PRIMARY: _("一级"),
    Level.TOWNSHIP: _("乡镇卫生院"),
    Level.VILLAGE: _("村卫生室"),
}
