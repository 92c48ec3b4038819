/// A part of a page with a heading.
public struct Section: Sendable, Hashable {
  public let title: RichText
  /// What links point to; made of the title where none is given.
  public let anchor: String
  public let blocks: [Block]

  public init(_ title: RichText, anchor: String? = nil, blocks: [Block]) {
    (self.title, self.blocks) = (title, blocks)
    self.anchor = Markup.slug(anchor ?? title.plain)
  }
}

/// A piece of a section.
public enum Block: Sendable, Hashable {
  case paragraph(RichText)
  case heading(RichText)
  case list([RichText])
  case table(Table)
  case figure(PageFigure)
  case callout(Callout)
  case facts([Fact])
  /// Shown in fixed width, as it is.
  case code(String)
}

/// A picture with its caption and the name of its data.
public struct PageFigure: Sendable, Hashable {
  /// A whole SVG document; it is put into the page.
  public let svg: String
  public let caption: RichText
  /// Relative to the page.
  public let dataPath: String
  /// What the picture shows, for those who cannot see it.
  public let description: String

  public init(svg: String, caption: RichText, dataPath: String, description: String) {
    (self.svg, self.caption, self.dataPath) = (svg, caption, dataPath)
    self.description = description
  }

  /// A figure that was written to disk.
  public init(_ file: FigureFile, caption: RichText, description: String? = nil) {
    self.init(
      svg: file.svg, caption: caption, dataPath: file.dataPath,
      description: description ?? caption.plain)
  }
}

/// A framed remark.
public struct Callout: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable {
    case note
    case warning
    /// What may not be concluded.
    case limit
  }

  public let kind: Kind
  public let title: RichText
  public let paragraphs: [RichText]

  public init(_ kind: Kind, title: RichText, paragraphs: [RichText]) {
    (self.kind, self.title, self.paragraphs) = (kind, title, paragraphs)
  }
}

/// A number worth seeing first, and what it is.
public struct Fact: Sendable, Hashable {
  public let value: RichText
  public let meaning: RichText

  public init(_ value: RichText, meaning: RichText) {
    (self.value, self.meaning) = (value, meaning)
  }
}
