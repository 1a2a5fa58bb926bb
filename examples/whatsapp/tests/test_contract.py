"""The contract suite of Başvuru, on this channel."""

from world import WhatsAppWorld

from basvuru.testkit import ChannelContract


class TestWhatsApp(ChannelContract):
    world = WhatsAppWorld
