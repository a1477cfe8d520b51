using System.Reflection;
using System.Runtime.CompilerServices;

namespace Serverless.Tests.Unit.Embedded;

/// <summary>Writes a type's public and protected members in the form of the <c>api/*.txt</c> lists.</summary>
internal static class ApiRendering
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(decimal)] = "decimal",
    };

    public static string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
            return NameOf(value) + "?";
        if (type.IsArray)
            return NameOf(type.GetElementType() ?? typeof(object)) + "[]";
        if (type.IsByRef)
            return "ref " + NameOf(type.GetElementType() ?? typeof(object));
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        return type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
            : type.Name;
    }

    /// <summary>The type's own line first, then its members.</summary>
    public static IEnumerable<string> MembersOf(Type type, string name)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            return type.GetMethod("Invoke") is { } invoke ? [$"delegate {NameOf(invoke.ReturnType)} {name}({Parameters(invoke)})"] : [];
        if (type.IsEnum)
            return [$"enum {name}", string.Join(", ", Enum.GetNames(type))];
        return
        [
            $"{KindOf(type)} {name}",
            .. type.GetConstructors(Declared).Where(IsListed).Select(ctor => $"{Access(ctor)}ctor({Parameters(ctor)})"),
            .. type.GetFields(Declared).Where(field => (field.IsPublic || field.IsFamily) && !IsGenerated(field))
                .Select(field => $"{(field.IsStatic ? "static " : "")}{NameOf(field.FieldType)} {field.Name}"),
            .. type.GetProperties(Declared).Where(property => !IsGenerated(property)).Select(Property).OfType<string>(),
            .. type.GetMethods(Declared).Where(method => IsListed(method) && !method.IsSpecialName && !IsObjectMember(method) && method.Name != "Deconstruct")
                .Select(method => $"{Access(method)}{Modifiers(method)}{NameOf(method.ReturnType)} {MethodName(method)}({Parameters(method)})"),
        ];
    }

    private static string KindOf(Type type)
    {
        if (type.IsInterface)
            return "interface";
        if (type.IsValueType)
            return "struct";
        var kind = type.GetMethod("<Clone>$") is null ? "class" : "record";
        return (type.IsAbstract, type.IsSealed) switch
        {
            (true, true) => "static " + kind,
            (true, false) => "abstract " + kind,
            (false, true) => "sealed " + kind,
            _ => kind,
        };
    }

    private static string? Property(PropertyInfo property)
    {
        var (get, set) = (Listed(property.GetMethod), Listed(property.SetMethod));
        if ((get ?? set) is not { } accessor)
            return null;
        var isInit = set?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var accessors = (get is null ? "" : "get; ") + (set is null ? "" : isInit ? "init; " : "set; ");
        return $"{Access(accessor)}{Modifiers(accessor)}{NameOf(property.PropertyType)} {property.Name} {{ {accessors}}}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        (parameter.Position == 0 && method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "")
        + (parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
        + (parameter.IsOut ? "out " : "")
        + $"{NameOf(parameter.ParameterType)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {parameter.DefaultValue?.ToString() ?? "default"}" : "")));

    private static string MethodName(MethodInfo method) => method.IsGenericMethod
        ? $"{method.Name}<{string.Join(", ", method.GetGenericArguments().Select(NameOf))}>"
        : method.Name;

    private static string Modifiers(MethodInfo method) => method switch
    {
        { IsStatic: true } => "static ",
        { DeclaringType.IsInterface: true } => "",
        { IsAbstract: true } => "abstract ",
        { IsVirtual: true } when method.GetBaseDefinition() != method => "override ",
        { IsVirtual: true, IsFinal: false } => "virtual ",
        _ => "",
    };

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static MethodInfo? Listed(MethodInfo? method) => method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly) ? method : null;

    private static bool IsListed(MethodBase method) => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly) && !IsGenerated(method);

    private static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute));

    private static bool IsObjectMember(MethodInfo method) => method.Name is nameof(Equals) or nameof(GetHashCode) or nameof(ToString);
}
