"""`help`: examples of what works, nothing else."""

from __future__ import annotations

from bot.usecases.commanding.office import said

HELP = said(
    "What works here:",
    "/annotate setup people man adult   (set this channel up; also person=people, vehicle>car,truck, puppy<dog)",
    "/annotate try https://…/photo.jpg   (what would happen to an image; writes nothing)",
    "/annotate live   /annotate pause   /annotate resume   /annotate leave",
    "/annotate review   (one picture after another, in a window of your own)",
    "/annotate status   (set-up, thresholds, queue, health, who may do what)",
    "/annotate status reviewers   (who answered how much; for who set up and admins only)",
    "/annotate digest   /annotate digest 09:00 Europe/Berlin #team   /annotate digest off",
    "/annotate concepts   /annotate concepts add vehicle>car,truck   /annotate concepts remove man",
    "/annotate list   /annotate list rejected man   /annotate search people   (what Clarifai holds, with pictures)",
    "/annotate export jsonl   /annotate export csv   /annotate export coco   (the labels as a file, with a data card)",
    "/annotate history   /annotate history photo.jpg   /annotate history @dana   (who changed or decided what)",
    "/annotate-thresholds   (the table: what is proven)   /annotate-thresholds people 0.9",
    "/annotate-thresholds people 0.2..0.9   people off   all off   people on   undo   history",
    "/annotate-thresholds preview people 0.8   (what that value would have done; changes nothing)",
    "/annotate-thresholds people target 95%   (how many shall be right)   people checks 10%   (how many are checked)",
    "Drop images, or a CSV file with a column `url`, into the channel to have them labelled.",
    "In a thread: mention me (@annotate status), or choose Annotate images in the menu of a message with files.",
)
