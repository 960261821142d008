"""What other areas ask here: the services that an honour opens."""

from contest.member_services.catalogue_queries import services_of

__all__ = ["services_of"]
