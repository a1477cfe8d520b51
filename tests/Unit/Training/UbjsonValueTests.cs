using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class UbjsonValueTests
{
    // {"a": [-2, 1.5] as it is, "b": [7, 258] of 32 bits, "c": [0.5, NaN], "d": "xy", "e": true}
    private static readonly byte[] Model =
    [
        (byte)'{', .. Name('a'), .. "[#L"u8, .. Count(2), (byte)'i', 0xFE, (byte)'d', 0x3F, 0xC0, 0, 0,
        .. Name('b'), .. "[$l#L"u8, .. Count(2), 0, 0, 0, 7, 0, 0, 1, 2,
        .. Name('c'), .. "[$d#L"u8, .. Count(2), 0x3F, 0, 0, 0, 0x7F, 0xC0, 0, 0,
        .. Name('d'), .. "SL"u8, .. Count(2), .. "xy"u8,
        .. Name('e'), (byte)'T', (byte)'}',
    ];

    [Fact]
    public void Parse_Object_HasItsMembersInTheirOrder()
    {
        var model = UbjsonValue.Parse((byte[])[.. Model, 0]);

        Assert.Equal(Model, model.Bytes);
        Assert.Equal(["a", "b", "c", "d", "e"], model.Members().Select(m => m.Name));
        Assert.Equal([[(byte)'i', 0xFE], [(byte)'d', 0x3F, 0xC0, 0, 0]], model["a"].Items().Select(i => i.Bytes.ToArray()));
        Assert.Equal([7, 258], model["b"].Integers());
        Assert.Equal([0.5f, float.NaN], model["c"].Numbers());
        Assert.Equal("xy", model["d"].Text());
    }

    [Fact]
    public void Integers_OfAnyTypes_AreRead()
    {
        byte[] mixed =
        [
            .. "[#L"u8, .. Count(5), (byte)'i', 0xFE, (byte)'U', 0xFE, (byte)'I', 0x01, 0x02, (byte)'l', 0, 1, 0, 0, (byte)'L', 0, 0, 0, 0, 0, 0, 0, 9,
        ];
        byte[] small = [.. "[$U#L"u8, .. Count(3), 1, 0, 255];

        Assert.Equal([-2, 254, 258, 65_536, 9], UbjsonValue.Parse(mixed).Integers());
        Assert.Equal([1, 0, 255], UbjsonValue.Parse(small).Integers());
    }

    [Fact]
    public void Parse_WhatXGBoostDoesNotWrite_SaysWhatAndWhere()
    {
        byte[] precise = [(byte)'{', .. Name('a'), (byte)'D', 0, 0, 0, 0, 0, 0, 0, 0, (byte)'}'];

        Assert.StartsWith("Found 'D' at byte 11 ", Assert.Throws<InvalidDataException>(() => UbjsonValue.Parse(precise)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => UbjsonValue.Parse(Model)["c"].Integers());
    }

    private static byte[] Name(char letter) => [(byte)'L', .. Count(1), (byte)letter];

    private static byte[] Count(byte count) => [0, 0, 0, 0, 0, 0, 0, count];
}
