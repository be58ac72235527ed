"""Jobs that wait, done at once: as a worker does them, one after the other, until none is left."""

from django.db import connection
from django.utils.module_loading import import_string
from procrastinate.contrib.django.models import ProcrastinateJob


def work(*names: str) -> int:
    """Do every waiting job of these names ("territory.tasks.import_areas") and what they leave; return how many."""
    done = 0
    while waiting := list(ProcrastinateJob.objects.filter(status="todo", task_name__in=names).order_by("id")):
        for job in waiting:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
            import_string(f"onegrid.{job.task_name}")(**job.args)
            done += 1
    return done
