"""Taking certificates back within a larger act: an award was annulled, or its honour revoked."""

from sqlalchemy import update

from contest import clock
from contest.awards.certificate_models import Certificate


def revoke_certificates(session, award_id, reason):
    """Every certificate of an award that was not revoked yet is; its page says why."""
    session.execute(
        update(Certificate)
        .where(Certificate.award_id == award_id, Certificate.revoked_at.is_(None))
        .values(revoked_at=clock.now(), revoked_reason=reason)
    )
