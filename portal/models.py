"""Who there is: people, the organisations they serve, the groups debriefs are shared with, and the
record.

What a person may do with a debrief is not decided here (`debriefs/permissions.py`), and nothing
here is written except by `portal/services.py` and `portal/audit.py`.
"""

from __future__ import annotations

from typing import ClassVar, TypeVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone


class Tier(models.IntegerChoices):
    """How far words may travel; a higher number is a wider audience."""

    PARTICIPANTS = 1, "Participating forces"
    POLICING = 2, "Policing"
    PARTNERS = 3, "Law-enforcement partners"
    PUBLIC = 4, "Public"


class UserManager(BaseUserManager["User"]):
    """Makes people; the e-mail address is the name they sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """A person with this address (kept in lower case) and, if given, this password."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> User:
        """The person who signs in with this address, in whatever case it was typed."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Being one, or being a superuser, lets nobody read anything: standings do."""

    email = models.EmailField("e-mail address", max_length=254, unique=True)
    name = models.CharField(max_length=120)
    job_title = models.CharField("rank or job title", max_length=80, blank=True)
    is_active = models.BooleanField("may sign in", default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(email=Lower("email")), name="address_in_lower_case"),
        )

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The person's whole name."""
        return self.name

    def get_short_name(self) -> str:
        """The first word of the name."""
        return self.name.split(" ")[0]


Model = TypeVar("Model", bound=models.Model)


class KeyedManager(models.Manager[Model]):
    """Finds a row by the key that fixtures and addresses use instead of a number."""

    def get_by_natural_key(self, key: str) -> Model:
        """The row with this key."""
        return self.get(key=key)


class Keyed(models.Model):
    """A word of the vocabulary: a key for machines, a name for people, a place in the order."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """The key, as fixtures write it."""
        return (self.key,)


class Region(Keyed):
    """A policing region of the United Kingdom."""

    objects = KeyedManager["Region"]()


class Organisation(models.Model):
    """A force or agency. Forces merge and units are renamed: hence validity and a successor."""

    class Kind(models.TextChoices):
        """What sort of body it is."""

        FORCE = "force", "Territorial force"
        NATIONAL = "national", "National force"
        ROCU = "rocu", "Regional organised crime unit"
        PARTNER = "partner", "Law-enforcement partner"
        PROSECUTOR = "prosecutor", "Prosecutor"
        TEAM = "team", "Project team"

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=160, unique=True)
    short_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    email_domains = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )

    objects = KeyedManager["Organisation"]()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
                name="organisation_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(valid_until__isnull=False),
                name="only_an_ended_organisation_has_a_successor",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("pk")),
                name="no_organisation_succeeds_itself",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """The key, as fixtures write it."""
        return (self.key,)


#: What may belong to a sharing group of each tier; the public tier asks nobody.
ADMITTED: dict[int, tuple[str, ...]] = {
    Tier.PARTICIPANTS: ("force", "national", "rocu", "partner", "prosecutor", "team"),
    Tier.POLICING: ("force", "national", "rocu", "team"),
    Tier.PARTNERS: ("force", "national", "rocu", "team", "partner", "prosecutor"),
    Tier.PUBLIC: tuple(Organisation.Kind.values),
}


class Role(models.TextChoices):
    """What a person is in an organisation. A person may be several things, in several
    organisations."""

    OFFICER = "officer", "Officer"
    SIGNATORY = "signatory", "Signatory"
    DEPUTY = "deputy", "Deputy signatory"
    COORDINATOR = "coordinator", "Coordinator"
    AUTHOR = "author", "Author"
    EDITOR = "editor", "Editor"
    ADMINISTRATOR = "administrator", "Administrator"


#: An organisation belongs to a sharing group through everyone in it but its administrators, who
#: look after accounts and are readers only where they are something else as well.
READING_ROLES = tuple(role for role in Role if role is not Role.ADMINISTRATOR)


class Membership(models.Model):
    """A person's role in an organisation, from a day until it was ended. Ended ones are kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=16, choices=Role)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("organisation", "role", "user")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "organisation", "role"),
                condition=Q(ended_at__isnull=True),
                name="one_live_membership_per_role",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="membership_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.organisation}"


class Absence(models.Model):
    """The days, both included, on which a signatory is away from an organisation. While all its
    signatories are, the deputies decide."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="absences"
    )
    from_day = models.DateField()
    until_day = models.DateField()
    set_at = models.DateTimeField(default=timezone.now, editable=False)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences_set")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("from_day", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(until_day__gte=F("from_day")), name="absence_ends_after_it_begins"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} away from {self.organisation}"


class RoleGroup(models.Model):
    """The Django group that stands for everyone who holds one role in one organisation."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="role_groups"
    )
    role = models.CharField(max_length=16, choices=Role)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="role_group")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "role"), name="one_group_per_organisation_and_role"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_role_display()}"


class SharingGroup(models.Model):
    """The people a debrief is shared with. Its tier says how far words travel that go to it."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=160, unique=True)
    purpose = models.TextField()
    tier = models.PositiveSmallIntegerField(choices=Tier)
    steward = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="stewarded_groups"
    )
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="sharing_group")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = KeyedManager["SharingGroup"]()

    class Meta:
        ordering = ("tier", "name")
        constraints = (
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="sharing_group_tier"),
        )

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """The key, as fixtures write it."""
        return (self.key,)


class Belonging(models.Model):
    """An organisation, or one person, that belongs to a sharing group until it was ended."""

    sharing_group = models.ForeignKey(
        SharingGroup, on_delete=models.PROTECT, related_name="belongings"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="belongings"
    )
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="belongings"
    )
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, user__isnull=True)
                | Q(organisation__isnull=True, user__isnull=False),
                name="an_organisation_or_a_person_belongs",
            ),
            models.UniqueConstraint(
                fields=("sharing_group", "organisation"),
                condition=Q(ended_at__isnull=True),
                name="an_organisation_belongs_once",
            ),
            models.UniqueConstraint(
                fields=("sharing_group", "user"),
                condition=Q(ended_at__isnull=True),
                name="a_person_belongs_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation or self.user} in {self.sharing_group}"


class AuditEvent(models.Model):
    """Who did or read what, when. Appended only; the database refuses every change.

    The name and organisation of the actor are written down as they were at the time, so that the
    record stays true when people move. `subject` names the thing by kind and number, never by its
    title.
    """

    at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    verb = models.CharField(max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="audit_events"
    )
    actor_name = models.CharField(max_length=120, blank=True)
    actor_standing = models.CharField(max_length=400, blank=True)
    subject = models.CharField(max_length=80)
    debrief = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("debrief", "-id"), name="audit_by_debrief"),
            models.Index(fields=("actor", "verb", "-id"), name="audit_by_actor"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject}"


class AuditLink(models.Model):
    """The place of one event in the chain: SHA-256 over the link before it and the event itself.

    Written by the database alone, when the transaction of the event commits: see the migration
    `0002_guard_the_record`. Kept beside the event, so that the event is never touched again.
    """

    position = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="link")
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return f"link {self.position}"
