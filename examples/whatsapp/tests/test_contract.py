"""The contract suite of Başvuru, on this channel."""

from basvuru.testkit import ChannelContract

from world import WhatsAppWorld


class TestWhatsApp(ChannelContract):
    world = WhatsAppWorld
