"""Reading API tokens: each person their own, nobody another's."""

from django.db.models import QuerySet

from audits.models import ApiToken, User


def visible_tokens(user: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user)
