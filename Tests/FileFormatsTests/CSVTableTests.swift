import FileFormats
import Foundation
import Testing

struct CSVTableTests {
  private func reason(_ text: String) -> String {
    do {
      _ = try CSVTable(text: text, path: "t.csv")
      return "read"
    } catch { return "\(error)" }
  }

  @Test func readsQuotesBreaksAndComments() throws {
    let text = "# source: us\r\na,b,c\r\n1,\"x, \"\"y\"\"\nz\",3\r\n# between\n,, 5 \n\n"
    let table = try CSVTable(text: text, path: "t.csv")
    #expect(table.header == ["a", "b", "c"])
    #expect(table.rows == [["1", "x, \"y\"\nz", "3"], ["", "", " 5 "]])
    #expect(table.lineNumbers == [3, 6])
    #expect(table.comments == ["source: us", "between"])
    #expect(try table.number(row: 1, column: 2) == 5)
    #expect(try CSVTable(text: "\u{FEFF}a\n1", path: "t").header == ["a"])
  }

  @Test func writtenTablesReadBack() throws {
    let rows = [
      ["1,2", "quote \" here"], ["#not a comment", "two\nlines"], ["", "a\rb"], [" ", ""],
    ]
    let table = CSVTable(header: ["x", "y z"], rows: rows, comments: ["made by a test"])
    let back = try CSVTable(text: table.text, path: "t")
    #expect(back.rows == rows)
    #expect(back.header == table.header)
    #expect(back.comments == table.comments)
    let narrow = CSVTable(header: ["x"], rows: [[""], ["1"], [""]])
    #expect(try CSVTable(text: narrow.text, path: "t").rows == narrow.rows)
  }

  @Test func numbersKeepTheirBits() throws {
    for value in [0.1, 1 / 3, 6.02214076e23, -0x1p-1074, .greatestFiniteMagnitude] {
      #expect(Double(CSVTable.field(value)) == value)
    }
    #expect(CSVTable.field(1.0 / 3, decimals: 3) == "0.333")
  }

  @Test func damageNamesTheLine() {
    #expect(reason("") == "t.csv: the table is empty; expected a line with column names")
    #expect(reason("# only talk\n\n").contains("empty"))
    #expect(reason("a,b\n1,2\n\n3,4\n").hasPrefix("t.csv, line 3: the row is empty"))
    #expect(reason("a,b\n1,2,3\n").hasPrefix("t.csv, line 2: the row has 3 fields"))
    #expect(reason("a,a\n").contains("two columns are called 'a'"))
    #expect(reason("a,\n").contains("column 2 has no name"))
    #expect(reason("a,b\n1,\"open\n\n").hasPrefix("t.csv, line 2: a quote is opened"))
    #expect(reason("a,b\n1,x\"y\n").hasPrefix("t.csv, line 2: a quote stands inside"))
    #expect(reason("a,b\n\"1\"x,2\n").hasPrefix("t.csv, line 2: text follows"))
  }

  @Test func fieldsThatAreNoNumbers() throws {
    let table = try CSVTable(text: "a,b\n1,x\nnan,\n", path: "t.csv")
    for (row, column) in [(0, 1), (1, 0), (1, 1)] {
      #expect { try table.number(row: row, column: column) } throws: {
        "\($0)".hasPrefix("t.csv, line \(row + 2): ")
      }
    }
    #expect { try table.requiredColumn("c") } throws: { "\($0)".contains("the columns are a, b") }
  }
}
