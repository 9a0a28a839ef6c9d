//! Files, and the texts that the page, the command line and the HTTP API read in them, or where the first two
//! find them.

/// The ending of a file's name, what it holds, and the text of each row, where it has one.
pub const CASES: &[(&str, &str, &[Option<&str>])] = &[
    // More or fewer cells than the header has.
    ("csv", "id,text,note\n1,good\n2,fine,x\n3,so good, but late,x\n", &[None, Some("fine"), None]),
    // A column alone.
    ("csv", "text\nso good, but late\nbad\n", &[Some("so good, but late"), Some("bad")]),
    ("csv", "sep=;\r\ntext\r\nso good; really\r\n", &[Some("so good; really")]),
    (
        "csv",
        "review\n\"Good, but\nlate\"\n\"Fine\", she said\n",
        &[Some("Good, but\nlate"), Some("Fine, she said")],
    ),
    ("tsv", "text\n\"I love\nso, so\tgood\n", &[Some("\"I love"), Some("so, so\tgood")]),
    // More columns, of which one is named so.
    ("csv", "Title,Guest comments,Rating\nStay 1,so bad,1\n", &[Some("so bad")]),
    ("csv", "Name,Response,NPS\nAnn,so good,9\n", &[Some("so good")]),
    // Quotes between other characters than tabs.
    ("csv", "id;text\n1;\"so \"\"good\"\";\nreally\"\n2;bad\n", &[Some("so \"good\";\nreally"), Some("bad")]),
    ("csv", "id,text\n1,good\n2,\"so\n3,bad\n", &[Some("good"), None]),
    // A quote between tabs is a character like others.
    ("tsv", "id\ttext\n1\t\"I love\n2\tit\n3\t\"late\"\n", &[Some("\"I love"), Some("it"), Some("\"late\"")]),
    ("csv", "id\ttext\n1\t\"late\"\n2\t\"I love", &[Some("\"late\""), Some("\"I love")]),
    // But for those of a cell with line breaks or tabs.
    (
        "tsv",
        "id\ttext\n1\t\"so good\n\nreally, \"\"bad\"\"\"\n2\tlate\n",
        &[Some("so good\n\nreally, \"bad\""), Some("late")],
    ),
    ("tsv", "id\ttext\tby\r\n1\t\"so\nbad\"\tme\r\n", &[Some("so\nbad")]),
    ("tsv", "id\ttext\n1\t\"so\tgood\"\n", &[Some("so\tgood")]),
    ("tsv", "id\t\"review\ntext\"\n1\tgood\n", &[Some("good")]),
    // And where all names have some.
    ("tsv", "\"id\"\t\"text\"\n\"1\"\t\"so \"\"good\"\"\"\n", &[Some("so \"good\"")]),
    // Half of a text is none.
    ("tsv", "id\ttext\n1\t\"so good\nreally bad\n2\tlate\n", &[None, None, Some("late")]),
    // A number is a text, of what else JSON has a string alone.
    ("jsonl", "\"good\"\n{\"text\":5}\n{\"text\":\"bad\"}\n", &[Some("good"), Some("5"), Some("bad")]),
    (
        "jsonl",
        "{\"text\":[\"good\"]}\n{\"text\":{\"a\":1}}\n{\"text\":true}\n{\"text\":null}\n{\"id\":1}\n5\n{\"text\":\n",
        &[None; 7],
    ),
];

/// The ending of a file's name, what it holds, and the column of texts by the names and the first rows.
pub const COLUMNS: &[(&str, &str, &str)] = &[
    ("csv", "Title,Remarks,Stars\nStay 1,\"so bad, and nobody answered\",1\nStay 2,so good,5\n", "Remarks"),
    ("csv", "title,pros,cons\nEngineer,nice people,\"bad pay, and nobody listens to us\"\n", "cons"),
    ("jsonl", "{\"title\":\"Stay 1\",\"remarks\":\"so bad, and nobody answered\"}\n", "remarks"),
    // Here and there a little more is not clearly so.
    ("tsv", "Title\tAuthor\nso good\tAnn of Home\n", "Title"),
    ("csv", "title,link\nso good,https://shop.example/so/good/and/so/long\n", "title"),
    // Lists are no texts.
    ("jsonl", "{\"title\":\"so good\",\"parts\":[\"soft all over\",\"fits well, all day\"]}\n", "title"),
    // The question of a survey stands beside each answer.
    (
        "csv",
        "Question,Answer\nWould you tell friends of us?,Yes\nWould you tell friends of us?,Hardly ever\n",
        "Answer",
    ),
    // A number of comments.
    ("csv", "Title,Comments\nso good,15\n", "Title"),
];
