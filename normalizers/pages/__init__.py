"""Readers of documents: faxes, faxes by mail, and letters that were scanned."""

from normalizers.pages import faxmail, message
from normalizers.reader import Reader

FAX = Reader(kind="fax", read=message.read, queue="pages")
FAX_MAIL = Reader(kind="fax-mail", read=faxmail.read, queue="pages")
POST = Reader(kind="post", read=message.read, queue="pages")
